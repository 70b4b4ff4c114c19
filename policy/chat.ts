import type { StackValidationPolicy } from "@pulumi/policy";
import { configuration } from "./engine";
import { tell } from "./report";
import { openCount } from "./settings";
import { known } from "./values";

/** Name of the chat's size in the configuration. */
export const chatPolicy = "chat";

/** The size of the chat, once for all rules. */
export const chatSettings = {
  rooms: openCount("Rooms that the stack is meant for; without it the plan in the stack's outputs says so."),
  connections: openCount(
    "WebSocket connections that the stack is meant for; without it the plan in the stack's outputs says so.",
  ),
};

/** Measures of a chat's size. */
export type Size = keyof typeof chatSettings;

/** The demand that a program puts into its stack's outputs. */
export interface PlannedOutputs {
  readonly plan?: {
    readonly demand?: Partial<Readonly<Record<Size | "messagesPerSecond", number>>>;
    readonly deletionProtection?: boolean;
    /** Reasons for alarms that are turned off, by the alarm's name. */
    readonly alarmsTurnedOff?: Readonly<Record<string, string>>;
  };
}

/** A size as the configuration gives it. */
export const configuredSize = (what: Size): number | undefined =>
  configuration().get(chatPolicy)?.values[what] as number | undefined;

/** Keeps the size of the chat, and reports a difference from the program's own plan. */
export const chat: StackValidationPolicy = {
  name: chatPolicy,
  description: "The size of the chat in the configuration is the one that the program plans for",
  severity: "low",
  enforcementLevel: "advisory",
  configSchema: {
    properties: Object.fromEntries(Object.entries(chatSettings).map(([key, { schema }]) => [key, schema])),
  },
  validateStack: ({ resources }, report) => {
    const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    for (const what of Object.keys(chatSettings) as Size[]) {
      const given = configuredSize(what);
      const planned = known(() => (stack?.props as PlannedOutputs | undefined)?.plan?.demand?.[what]);
      if (given === undefined || planned === undefined || given === planned) continue;
      tell(report, {
        message: `${chatPolicy} has ${what} ${given}, the program plans for ${planned}: rules go by ${given}. Remedy: correct it in the file given as --policy-pack-config, or take it out.`,
        enforcementLevel: "advisory",
      });
    }
  },
};
