import type { Demand } from "../capacity";

/*
 * Frames a second that Daphne was measured to send on half a core without loss, to 6,250 sockets in rooms of 50
 * (docs/performance.md, "Message path"); at 2,000 it lost a quarter of them, and uvicorn none.
 */
const daphneFrames = 1_250;
const measuredCpu = 512;
/** CPU units that one process can use: both servers run on one core. */
const core = 1_024;

/** Frames a second that one task sends at full load. */
export const framesPerTask = ({ messagesPerSecond, usersPerRoom }: Demand, tasks: number): number =>
  (messagesPerSecond * usersPerRoom) / tasks;

const number = (value: number) => Math.round(value).toLocaleString("en");

/** The server of the sockets, with the figures that speak for it. */
export const serverReason = (server: string, demand: Demand, tasks: number): string =>
  `${server}: ${number(framesPerTask(demand, tasks))} frames a second a task at full load, ` +
  `of which Daphne was measured to carry ${number(daphneFrames)} on half a core`;

/** The guide's Daphne (G-37) as far as it carries full load on these tasks; uvicorn beyond. */
export const automaticServer = (demand: Demand, tasks: number, cpu: number): "daphne" | "uvicorn" =>
  framesPerTask(demand, tasks) <= (daphneFrames * Math.min(cpu, core)) / measuredCpu ? "daphne" : "uvicorn";
