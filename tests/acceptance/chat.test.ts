import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { promisify } from "node:util";
import { expect } from "chai";

const command = join(__dirname, "..", "..", "acceptance", "asUser");
const accepted = (key: string) =>
  createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

/** Text of a short masked frame, as clients send it. */
function unmasked(frame: Buffer): string {
  const [mask, data] = [frame.subarray(2, 6), frame.subarray(6, 6 + (frame[1]! & 0x7f))];
  return Buffer.from(data.map((byte, index) => byte ^ mask[index % 4]!)).toString();
}

const textFrame = (text: string) => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);

describe("a user of the chat", () => {
  let server: Server;
  let sockets: { headers: IncomingHttpHeaders; url: string; socket: Duplex }[];
  /** A message as members of the room receive it. */
  let heard: (text: string) => string | undefined;
  beforeEach(async () => {
    [sockets, heard] = [[], (text) => text];
    server = createServer((request, response) => {
      const answers: Readonly<Record<string, object>> = {
        "/api/auth/register/": { token: "t" },
        "/api/chats/create/": { code: "room" },
        "/api/chats/room/join/": { session_token: "member" },
      };
      const answer = answers[request.url ?? ""];
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer));
    });
    server.on("upgrade", (request, socket) => {
      sockets.push({ headers: request.headers, url: request.url ?? "", socket });
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
          `Sec-WebSocket-Accept: ${accepted(String(request.headers["sec-websocket-key"]))}\r\n\r\n`,
      );
      socket.on("error", () => undefined);
      socket.on("data", (frame: Buffer) => {
        if ((frame[0]! & 0x0f) !== 1) return;
        const answer = heard(unmasked(frame));
        if (answer !== undefined) for (const each of sockets) each.socket.write(textFrame(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    for (const { socket } of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = (...args: string[]) => promisify(execFile)(command, args);

  it("registers, opens a room, joins twice, and hears as a reader what the writer says", async () => {
    const { stdout } = await run("say", url());
    expect(stdout).to.match(/^heard after \d+ ms$/m);
    expect(sockets.map((each) => each.url)).to.deep.equal(
      Array(2).fill("/ws/chat/room/?session_token=member"),
    );
  });

  it("says where its page comes from, without which the chat refuses it", async () => {
    await run("say", url());
    for (const { headers } of sockets) expect(headers.origin).to.equal(url());
  });

  it("holds as many sockets as it is asked to", async () => {
    const { stdout } = await run("hold", url(), "12", "0");
    expect(stdout).to.contain("12 sockets were open");
    expect(sockets).to.have.length(12);
  });

  it("fails when the application refuses", async () => {
    const failure = await run("say", `${url()}/elsewhere`).catch((error: { stderr: string }) => error);
    expect(failure.stderr).to.contain("POST /elsewhere/api/auth/register/: 404");
  });
});
