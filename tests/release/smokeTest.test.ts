import { expect } from "chai";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { smokeTest } from "../../release/smokeTest";
import { failure } from "./awsServer";

const none = { getRemainingTimeInMillis: () => 0 };
const plenty = { getRemainingTimeInMillis: () => 900_000 };

describe("the smoke test of a release", () => {
  let server: Server;
  let statuses: number[];
  let socketStatus: string;
  let frames: Buffer[] | undefined;
  let asked: { url?: string; headers: IncomingHttpHeaders }[];
  beforeEach(async () => {
    [statuses, socketStatus, frames, asked] = [[200], "403 Forbidden", undefined, []];
    server = createServer(({ url, headers }, response) => {
      asked.push({ url, headers });
      if (frames) response.setHeader("Chatpop-Socket-Check", "deep");
      response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0])!).end();
    });
    server.on("upgrade", ({ url, headers }, socket) => {
      asked.push({ url, headers });
      if (url?.endsWith("?deep")) {
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        for (const frame of frames ?? []) socket.write(frame);
        socket.end();
        return;
      }
      socket.end(`HTTP/1.1 ${socketStatus}\r\nConnection: close\r\n\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const test = (time = none) =>
    smokeTest(
      {
        loadBalancer: "127.0.0.1",
        path: "/healthz?deep",
        socketPath: "/ws/chat/release/",
        port: (server.address() as AddressInfo).port,
      },
      time,
    );

  it("asks for a page that needs the database, and opens a WebSocket", async () => {
    expect(await test()).to.deep.equal({ state: "passed", request: 200, socket: 403 });
    expect(asked.map(({ url }) => url)).to.have.members(["/healthz?deep", "/ws/chat/release/"]);
    const socket = asked.find(({ url }) => url?.startsWith("/ws/"));
    expect(socket?.headers).to.include({ upgrade: "websocket", "sec-websocket-version": "13" });
  });

  const frame = (opcode: number, payload: Buffer) =>
    Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
  const text = frame(1, Buffer.from('{"redis": "ok"}'));
  const ping = frame(9, Buffer.from("1234"));

  it("waits for a message where the image has the check, whatever comes before and however it is cut", async () => {
    for (const parts of [
      [text],
      [ping, text],
      [ping.subarray(0, 3), Buffer.concat([ping.subarray(3), text])],
    ]) {
      frames = parts;
      expect(await test()).to.deep.equal({ state: "passed", request: 200, socket: "message" });
    }
    expect(asked.map(({ url }) => url)).to.include("/ws/chat/release/?deep");
  });

  it("fails without the message: sockets open, but nothing comes through Redis", async () => {
    const code = Buffer.alloc(2);
    code.writeUInt16BE(1013);
    frames = [frame(8, code)];
    expect(await failure(test())).to.match(
      /\/ws\/chat\/release\/ no message, but its end with code 1013 \(a message is right\)/,
    );
    frames = [ping];
    expect(await failure(test())).to.contain("no message, but its end (a message is right)");
  });

  it("fails when every request fails, which no health check notices", async () => {
    statuses = [500];
    expect(await failure(test())).to.contain("/healthz?deep answers 500");
  });

  it("fails when sockets do not get through", async () => {
    socketStatus = "504 Gateway Time-out";
    expect(await failure(test())).to.contain("a WebSocket at /ws/chat/release/ 504");
  });

  it("fails when nobody answers, with the reason", async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const event = { loadBalancer: "127.0.0.1", path: "/", socketPath: "/ws/", port };
    expect(await failure(smokeTest(event, none))).to.contain("nothing (connect ECONNREFUSED");
  });

  it("tries again, for the database may be busy with the other new tasks", async () => {
    statuses = [503, 200];
    expect(await test(plenty)).to.include({ request: 200 });
  });

  it("names the setting for an image without the overlay's page", async () => {
    statuses = [404];
    expect(await failure(test())).to.contain("pulumi config set chatpop:smokeTestPath");
  });
});
