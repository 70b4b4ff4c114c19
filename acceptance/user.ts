// The command `acceptance/asUser`: sends a message from user to user, or holds sockets open for a count.
import { setTimeout as sleep } from "node:timers/promises";
import { hold, sayAndHear } from "./chat";

const commands: Readonly<Record<string, (url: string, ...words: string[]) => Promise<string>>> = {
  say: async (url) => `heard after ${Math.round(await sayAndHear(url))} ms`,
  hold: async (url, sockets, seconds) => {
    const { open, close } = await hold(url, Number(sockets));
    await sleep(Number(seconds) * 1_000);
    close();
    return `${open} sockets were open`;
  },
};

async function main([name = "", url = "", ...words]: readonly string[]): Promise<void> {
  const command = commands[name];
  if (!command) throw new Error("acceptance/asUser say <url> | hold <url> <sockets> <seconds>");
  console.log(await command(url, ...words));
}

main(process.argv.slice(2)).then(
  // Otherwise a socket whose end the other side does not answer would keep the process alive.
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
