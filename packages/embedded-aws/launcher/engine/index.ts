// The Pulumi engine, provided: always the real one, never an imitation.
import { buildEngine } from "./build";
import { downloadEngine } from "./download";
import { engineInProject, engineOnPath } from "./present";
import { findEngine, type Engine, type Way } from "./search";
import { requiredVersion } from "./version";

export type { Engine };

/** All ways to an engine, best first. */
export function ways(say: (line: string) => void): readonly Way[] {
  return [
    {
      name: "`pulumi` on the PATH",
      remedy: `install Pulumi ${requiredVersion} or a later 3.x: https://www.pulumi.com/docs/install/`,
      attempt: () => engineOnPath(),
    },
    { name: "the project's own in .engine/bin", attempt: () => engineInProject() },
    {
      name: "downloading it",
      remedy: "allow connections to get.pulumi.com",
      attempt: () => downloadEngine(say),
    },
    {
      name: "building it from tools/pulumi",
      remedy: "install Go 1.25.11 or later (https://go.dev/dl/) and allow connections to proxy.golang.org",
      attempt: () => buildEngine(say),
    },
  ];
}

/** The engine, found or made; `say` receives a line a step when it has to be made. */
export function provideEngine(say: (line: string) => void): Promise<Engine> {
  return findEngine(ways(say));
}
