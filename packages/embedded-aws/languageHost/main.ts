// Pulumi's language host for Node: the engine starts it, reads the port from its output, and calls it to run programs.
// No Go module contains the engine's own host, so an engine built from modules needs this one.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { version } from "@pulumi/pulumi/package.json";

import { languageRuntime, LanguageRuntimeService } from "./runtime";

const messageLimit = 400 * 1024 * 1024;

const engineAddress = process.argv.at(-1)!;
const server = new Server({
  "grpc.max_receive_message_length": messageLimit,
  "grpc.max_send_message_length": messageLimit,
});
server.addService(LanguageRuntimeService, languageRuntime(version, engineAddress));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

// An engine that was killed cannot end its host.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 1000).unref();
