// Faults with their expected results, one row each. `make faults` runs the rows, docs/reliability.md shows them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Faults of a call to AWS. */
export const calls = {
  fails: {
    words: "the call is refused once, and nothing was done",
    fault: { error: "InternalFailure: The request processing has failed because of an unknown error" },
  },
  throttled: {
    words: "three calls in a row are refused for coming too fast, each beyond the SDK's own retries",
    fault: { times: 3, error: "ThrottlingException: Rate exceeded" },
  },
  hangs: {
    words: "AWS does it, and waiting for its end is given up",
    fault: { late: true, delayMs: 200, error: "timeout while waiting for state to become 'available'" },
  },
} as const;
export type Call = keyof typeof calls;

export const operations = ["create", "update", "delete"] as const;
export type Operation = (typeof operations)[number];

/** Resource types of the small stack that are AWS's, as the program registers them. */
export const resourceTypes: readonly string[] = [
  ...new Set(
    readFileSync(join(__dirname, "..", "program", "golden", "small.txt"), "utf8").match(/aws:\S+/g) ?? [],
  ),
].sort();

/** Victims of a kill -9. */
export const victims = {
  everything: "the whole group of processes, as when the machine goes",
  engine: "Pulumi's engine alone",
  provider: "the AWS provider alone",
  languageHost: "the language host alone",
} as const;
export type Victim = keyof typeof victims;

/** A process is killed each time after so many further resources were made, or deleted. */
export const killEvery = 4;

/** How often in a command; fewer are reached where fewer resources are left. */
const killPoints = 24;

/** Quotas, and the settings by which a stack that is up meets them. */
export const quotaRows: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  elasticIps: { egress: "nat" },
  natGatewaysPerZone: { egress: "nat-per-zone" },
  dbReplicasPerInstance: { readReplicas: "1" },
  rulesPerSecurityGroup: { allowedCidrs: '["192.0.2.0/24","198.51.100.0/24"]' },
  fargateOnDemandVcpu: { taskCpu: "1024", taskMemory: "2048" },
};

/** All else, each a scene of its own in `scenes.ts`, with the procedure that ends it. */
export const sceneRows = {
  "state file empty": "the state is put back as the message says, then `make recover`",
  "state file lost": "the state is put back as the message says, then `make recover`",
  "lock left behind": "`make recover`",
  "two operators at once": "who is refused runs `up` again",
  "disk full": "room is made, then `make recover`",
  "credentials expire during up": "new credentials, `up`",
  "credentials expire during destroy": "new credentials, `destroy`",
  "database killed during a migration": "`up`",
  "database killed during an index build": "`up`",
} as const;
export type Scene = keyof typeof sceneRows;

/** A fault of the table. */
export interface Row {
  readonly id: string;
  readonly group: "call" | "kill" | "quota" | "scene";
}

export const callId = (operation: Operation, call: Call, type: string) => `${operation} ${call} ${type}`;

/** A process that is killed. */
export interface KillRow {
  readonly id: string;
  readonly verb: "up" | "destroy";
  readonly victim: Victim;
}

/** All take their turn, in each command anew. */
export const killRows: readonly KillRow[] = (["up", "destroy"] as const).flatMap((verb) =>
  Array.from({ length: killPoints }, (_, point) => {
    const names = Object.keys(victims) as Victim[];
    const victim = names[point % names.length]!;
    return { verb, victim, id: `${verb} killed ${String(point).padStart(2, "0")} ${victim}` };
  }),
);

const kinds = Object.keys(calls) as Call[];
/** The fault of a type's call in a life; in three lives each type meets all three faults. */
export const callIn = (life: number, index: number): Call => kinds[(life + index) % kinds.length]!;

/** Rows of a life. */
export const callsOf = (life: number): readonly string[] =>
  operations.flatMap((operation) =>
    resourceTypes.map((type, index) => callId(operation, callIn(life, index), type)),
  );

/** The whole table. */
export const rows: readonly Row[] = [
  ...operations.flatMap((operation) =>
    kinds.flatMap((call) =>
      resourceTypes.map((type) => ({ group: "call" as const, id: callId(operation, call, type) })),
    ),
  ),
  ...killRows.map(({ id }) => ({ group: "kill" as const, id })),
  ...Object.keys(quotaRows).map((name) => ({ group: "quota" as const, id: `quota ${name}` })),
  ...Object.keys(sceneRows).map((id) => ({ group: "scene" as const, id })),
];
