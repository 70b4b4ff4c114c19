// The environment of a command on the embedded AWS: without the user's Pulumi and AWS logins, with those of a home.
import { join } from "node:path";

/** Folders of a home. */
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

/** Pulumi's variables for debugging a run, and the region: they contain no login. All other variables are dropped. */
const keptNames = /^(PULUMI_(DEBUG_|PARALLEL)|AWS_(DEFAULT_)?REGION$)/;
const loginNames = /^(PULUMI|AWS)_/;

/** The folders of the home `home`. */
export function layout(home: string): Layout {
  return {
    pulumiHome: join(home, "home"),
    state: join(home, "state"),
    config: join(home, "config"),
    account: join(home, "account"),
  };
}

/** The environment of a command in the home `home`; `stack` is the stack of a command that names none. */
export function embeddedEnvironment(home: string, stack: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { pulumiHome, state } = layout(home);
  const kept = Object.entries(env).filter(([name]) => keptNames.test(name) || !loginNames.test(name));
  return {
    ...Object.fromEntries(kept),
    EMBEDDED_AWS_HOME: home,
    PULUMI_HOME: pulumiHome,
    // Without attribute files beside the state: an empty one, left by a kill, would make all of the state unreadable.
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    ...(stack && { PULUMI_STACK: stack }),
    // A fixed passphrase, because it protects nothing real; the user's own would bind the home to one shell.
    PULUMI_CONFIG_PASSPHRASE: "offline",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Otherwise a provider on the user's PATH would replace the embedded AWS.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

/** The engine's own file with the state of a project's stack. */
export function stateFile(home: string, project: string, stack: string): string {
  return join(layout(home).state, ".pulumi", "stacks", project, `${stack}.json`);
}
