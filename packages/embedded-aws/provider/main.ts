// The plugin process: `main.ts <aws|random>`. Prints the port of its gRPC server, as the engine expects.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { resolve } from "node:path";
import { createProvider } from "./service";

const packageName = process.argv[2];
if (packageName !== "aws" && packageName !== "random") {
  fail(`usage: main.ts <aws|random>, got ${JSON.stringify(packageName)}`);
}
const home = process.env["EMBEDDED_AWS_HOME"];
if (home === undefined || home === "") {
  fail("EMBEDDED_AWS_HOME is not set: it names the folder that keeps the embedded AWS account");
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function start(): void {
  const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  const provider = createProvider({
    packageName: packageName as string,
    // Random values are not AWS's: a folder of their own makes the slow load of AWS's models unnecessary.
    home: resolve(home as string, packageName === "aws" ? "account" : "random"),
    faults: process.env["EMBEDDED_AWS_FAULTS"],
    caller: process.env["EMBEDDED_AWS_CALLER"] || undefined,
    // Later, because the engine reports a crash if the plugin exits before its answer arrives.
    cancel: () => setTimeout(() => process.exit(0), 100),
  });
  server.addService(ResourceProviderService, provider);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) fail(error.message);
    console.log(port);
  });

  // An engine that was killed cannot cancel its plugins: nobody reads the port any more, or another process is the parent.
  process.stdout.on("error", () => process.exit(0));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.exit(0), 1000).unref();
}

try {
  start();
} catch (error) {
  fail((error as Error).message);
}
