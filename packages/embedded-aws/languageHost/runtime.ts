// The calls by which the engine uses a language: the smallest set that runs programs and policy packs.
import { spawn, type ChildProcess } from "node:child_process";

import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  GetProgramDependenciesResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  RunPluginResponse,
  RunResponse,
  type RunPluginRequest,
  type RunRequest,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { errorAlreadyReported, pluginLaunch, programLaunch, type Launch } from "./program";

export { LanguageRuntimeService };

/** Node as a language of the engine. `version` is the SDK's, `engineAddress` where the engine listens. */
export function languageRuntime(version: string, engineAddress: string) {
  const answer =
    <Reply>(reply: () => Reply) =>
    (_call: unknown, respond: sendUnaryData<Reply>) =>
      respond(null, reply());
  return {
    handshake: answer(() => new LanguageHandshakeResponse()),
    getPluginInfo: answer(() => new PluginInfo().setVersion(version)),
    // Empty: the engine loads each provider when the program first names it.
    getRequiredPackages: answer(() => new GetRequiredPackagesResponse()),
    getRequiredPlugins: answer(() => new GetRequiredPluginsResponse()),
    getProgramDependencies: answer(() => new GetProgramDependenciesResponse()),
    about: answer(() => new AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    // The engine ends the programs itself, by ending their calls.
    cancel: answer(() => new Empty()),
    run: (call: ServerUnaryCall<RunRequest, RunResponse>, respond: sendUnaryData<RunResponse>) => {
      try {
        const program = start(programLaunch(call.request, engineAddress), "inherit");
        call.on("cancelled", () => program.kill());
        program.on("error", (error) => respond(error));
        program.on("exit", (code, signal) => respond(null, outcome(code, signal)));
      } catch (error) {
        respond(null, new RunResponse().setError((error as Error).message));
      }
    },
    runPlugin,
  };
}

function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const end = (code: number) => {
    call.write(new RunPluginResponse().setExitcode(code));
    call.end();
  };
  const complain = (text: Buffer) => call.write(new RunPluginResponse().setStderr(text));
  const complainOf = (error: Error) => complain(Buffer.from(`${error.message}\n`));
  try {
    const plugin = start(pluginLaunch(call.request), "pipe");
    call.on("cancelled", () => plugin.kill());
    plugin.stdout!.on("data", (text: Buffer) => call.write(new RunPluginResponse().setStdout(text)));
    plugin.stderr!.on("data", complain);
    plugin.on("error", complainOf);
    plugin.on("close", (code) => end(code ?? 1));
  } catch (error) {
    // An exit code instead of an error: the engine waits for ever when the call itself fails.
    complainOf(error as Error);
    end(1);
  }
}

function start(launch: Launch, output: "inherit" | "pipe"): ChildProcess {
  const { args, cwd, env } = launch;
  return spawn(process.execPath, args, { cwd, env, stdio: ["ignore", output, output] });
}

function outcome(code: number | null, signal: NodeJS.Signals | null): RunResponse {
  if (code === 0) return new RunResponse();
  if (code === errorAlreadyReported) return new RunResponse().setBail(true);
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return new RunResponse().setError(`The program ended with ${how}; its output above says why.`);
}
