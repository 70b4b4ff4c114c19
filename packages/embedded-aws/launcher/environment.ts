// The environment of a command on the embedded AWS: nothing of the user's own Pulumi or AWS login, a home's own instead.
import { join } from "node:path";

/** Where things lie in a home. */
export interface Layout {
  /** The engine's own home, with the plugins of the embedded AWS. */
  readonly pulumiHome: string;
  /** The stacks' state. */
  readonly state: string;
  /** The copies of the project's configuration. */
  readonly config: string;
  /** The embedded AWS account. */
  readonly account: string;
}

/** Variables of Pulumi's that help to look into a run, and the region: they give away nothing. All others stay outside. */
const keptNames = /^(PULUMI_(DEBUG_|PARALLEL)|AWS_(DEFAULT_)?REGION$)/;
const loginNames = /^(PULUMI|AWS)_/;

/** Where things lie in the home `home`. */
export function layout(home: string): Layout {
  return {
    pulumiHome: join(home, "home"),
    state: join(home, "state"),
    config: join(home, "config"),
    account: join(home, "account"),
  };
}

/** The environment of a command in the home `home`; `stack` is the one it works on, if it names none itself. */
export function embeddedEnvironment(home: string, stack: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { pulumiHome, state } = layout(home);
  const kept = Object.entries(env).filter(([name]) => keptNames.test(name) || !loginNames.test(name));
  return {
    ...Object.fromEntries(kept),
    EMBEDDED_AWS_HOME: home,
    PULUMI_HOME: pulumiHome,
    // Without files of attributes beside the state: one that a kill left empty would make all of the state unreadable.
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    ...(stack && { PULUMI_STACK: stack }),
    // It protects nothing real; a passphrase of the user's would make the home depend on the shell it was made in.
    PULUMI_CONFIG_PASSPHRASE: "offline",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A provider on the user's PATH would take the place of the embedded AWS.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

/** The engine's own file with the state of a project's stack. */
export function stateFile(home: string, project: string, stack: string): string {
  return join(layout(home).state, ".pulumi", "stacks", project, `${stack}.json`);
}
