// Starts the Pulumi SDK's own runners in Node: one for programs, one for policy packs and other plugins.
import { createRequire } from "node:module";
import { join } from "node:path";

import type { ProgramInfo, RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb";

/** A process to start. */
export interface Launch {
  readonly args: string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The runner's exit code for a failure whose reason it has already shown to the user. */
export const errorAlreadyReported = 32;

/** The process that runs a Pulumi program as `request` asks, reporting to the engine at `engineAddress`. */
export function programLaunch(request: RunRequest, engineAddress: string): Launch {
  const info = request.getInfo()!;
  const options = runtimeOptions(info);
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  return {
    args: [
      ...words(options.nodeargs ?? ""),
      sdkFile(info, "cmd/run"),
      ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info.getEntryPoint(),
      ...request.getArgsList(),
    ],
    cwd: info.getProgramDirectory(),
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: options.typescript ?? "true",
      ...(options.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    },
  };
}

/** The process that runs a policy pack, or another plugin written for Node, as `request` asks. */
export function pluginLaunch(request: RunPluginRequest): Launch {
  const info = request.getInfo()!;
  const runner = request.getKind() === "analyzer" ? "cmd/run-policy-pack" : "cmd/run-plugin";
  return {
    args: [sdkFile(info, runner), ...request.getArgsList(), info.getProgramDirectory()],
    cwd: info.getProgramDirectory(),
    env: Object.fromEntries(request.getEnvList().map(nameAndValue)),
  };
}

/** Splits a command line into words as a shell does, quotes included. */
export function words(line: string): string[] {
  const parts = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return parts.map((part) => part.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

function nameAndValue(setting: string): [string, string] {
  const end = setting.indexOf("=");
  return [setting.slice(0, end), setting.slice(end + 1)];
}

function runtimeOptions(info: ProgramInfo): Record<string, string | undefined> {
  const options = info.getOptions()?.toJavaScript() ?? {};
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
}

/** The program's own SDK, since its version decides what the program can ask of the engine. */
function sdkFile(info: ProgramInfo, path: string): string {
  const directory = info.getProgramDirectory();
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/${path}`);
  } catch {
    throw new Error(`@pulumi/pulumi is not installed for ${directory}: run \`npm ci\` there.`);
  }
}
