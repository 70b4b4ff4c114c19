// The engine as Pulumi publishes it.
import { connect } from "node:net";

import { install } from "./install";
import { engineFolder } from "./present";
import type { Answer } from "./search";
import { requiredVersion } from "./version";

const site = "get.pulumi.com";
const patience = 3_000;

/** Downloads the engine into `folder` with the Automation API's installer, unless its site cannot be reached. */
export async function downloadEngine(say: (line: string) => void, folder = engineFolder): Promise<Answer> {
  const objection = await unreachable(site);
  if (objection !== undefined) return { reason: objection };
  say(`downloading Pulumi ${requiredVersion} from ${site}`);
  return install(folder, say, async (draft) => {
    // Half a second to load, so only when needed.
    const { PulumiCommand } = await import("@pulumi/pulumi/automation");
    // Without a version it installs the SDK's, which is requiredVersion.
    await PulumiCommand.install({ root: draft });
  });
}

function unreachable(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, timeout: patience });
    const end = (objection?: string) => {
      socket.destroy();
      resolve(objection);
    };
    socket.once("connect", () => end());
    socket.once("error", (error: NodeJS.ErrnoException) => end(`${host} cannot be reached (${error.code})`));
    socket.once("timeout", () => end(`${host} does not answer within ${patience / 1000} s`));
  });
}
