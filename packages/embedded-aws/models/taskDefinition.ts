// Task definitions: numbered revisions of a family, for Fargate.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import sizes from "../data/fargate-sizes.json";
import { faultsOf, faultsOnFargate, readContainers, type Container } from "./containerDefinitions";
import { AwsError, type Context, type Model } from "./model";
import { roleByArn, trusts } from "./permission";
import { refusal } from "./refusal";
import { arn, taggable, text } from "./schema";

const type = "aws:ecs/taskDefinition:TaskDefinition";
const revisionKind = "task definition revision";

type Sizes = readonly number[] | { from: number; to: number; step: number };
const table = sizes as unknown as Readonly<Record<string, Sizes | undefined>>;

/** Memory sizes in MiB that Fargate offers for that many CPU units; undefined for a CPU size that does not exist. */
export function memoryFor(cpu: string): number[] | undefined {
  const offered = table[cpu];
  if (!offered || !("from" in offered)) return offered && [...offered];
  const { from, to, step } = offered;
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** A number as ECS answers it. It takes one with a unit as well; every update would then register another revision. */
const unitless = (expected: string, withUnit: RegExp) =>
  z.string().superRefine((given, context) => {
    if (/^\d+$/.test(given)) return;
    const limit = withUnit.test(given) ? "The embedded AWS takes no unit, which ECS drops: " : "";
    context.addIssue({ code: "custom", message: `${limit}${JSON.stringify(given)} is not ${expected}` });
  });

const inputs = taggable({
  containerDefinitions: z.string().superRefine((definitions, context) => {
    for (const message of faultsOf(definitions)) context.addIssue({ code: "custom", message });
  }),
  cpu: unitless("a number of CPU units without a unit (1024 is 1 vCPU)", /^\d+(\.\d+)? ?vcpu$/i).optional(),
  enableFaultInjection: z.boolean().optional(),
  ephemeralStorage: z.strictObject({ sizeInGib: z.int().min(21).max(200) }).optional(),
  executionRoleArn: arn("iam", "role/").optional(),
  family: text(
    /^[A-Za-z0-9_-]{1,255}$/,
    "a family's name: letters, digits, hyphens and underscores, at most 255",
  ),
  ipcMode: z.enum(["host", "task", "none"]).optional(),
  memory: unitless("a number of MiB without a unit (2048 is 2 GB)", /^\d+(\.\d+)? ?gb$/i).optional(),
  networkMode: z.enum(["awsvpc", "bridge", "host", "none"]).optional(),
  pidMode: z.enum(["host", "task"]).optional(),
  placementConstraints: z
    .array(z.strictObject({ type: z.literal("memberOf"), expression: z.string().optional() }))
    .optional(),
  requiresCompatibilities: z.array(z.enum(["FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES"])).optional(),
  runtimePlatform: z
    .strictObject({
      cpuArchitecture: z.enum(["X86_64", "ARM64"]).optional(),
      operatingSystemFamily: z
        .enum([
          ...["LINUX", "WINDOWS_SERVER_2016_FULL", "WINDOWS_SERVER_2019_CORE", "WINDOWS_SERVER_2019_FULL"],
          ...["WINDOWS_SERVER_2004_CORE", "WINDOWS_SERVER_20H2_CORE", "WINDOWS_SERVER_2022_CORE"],
          ...["WINDOWS_SERVER_2022_FULL", "WINDOWS_SERVER_2025_CORE", "WINDOWS_SERVER_2025_FULL"],
        ] as [string, ...string[]])
        .optional(),
    })
    .optional(),
  skipDestroy: z.boolean().optional(),
  taskRoleArn: arn("iam", "role/").optional(),
  trackLatest: z.boolean().optional(),
  volumes: z
    .array(
      z.strictObject({
        configureAtLaunch: z.boolean().optional(),
        efsVolumeConfiguration: z.record(z.string(), z.unknown()).optional(),
        hostPath: z.string().optional(),
        name: z.string().min(1),
      }),
    )
    .optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  const fargate = given.requiresCompatibilities?.includes("FARGATE") ?? false;
  const containers = readContainers(given.containerDefinitions);
  if (fargate) checkFargate(given, containers, refuse);
  const volumes = (given.volumes ?? []).map(({ name }) => name);
  for (const { name, mountPoints = [] } of containers) {
    const unknown = mountPoints.find(({ sourceVolume = "" }) => !volumes.includes(sourceVolume));
    if (unknown) refuse("containerDefinitions", `${name}: Unknown volume '${unknown.sourceVolume}'`);
  }
  const reason = roleReason(containers, fargate);
  if (reason && !given.executionRoleArn) refuse("executionRoleArn", reason);
});

/** The inputs as the schema reads them. */
export type Inputs = z.infer<typeof inputs>;

function checkFargate(
  given: Inputs,
  containers: readonly Container[],
  refuse: ReturnType<typeof refusal>,
): void {
  if ((given.networkMode ?? "bridge") !== "awsvpc")
    refuse("networkMode", "Fargate only supports network mode 'awsvpc'.");
  if (given.cpu === undefined) refuse("cpu", "Fargate requires that 'cpu' be defined at the task level.");
  if (given.memory === undefined)
    refuse("memory", "Fargate requires that 'memory' be defined at the task level.");
  for (const fault of faultsOnFargate(containers)) refuse("containerDefinitions", fault);
  for (const [index, { name, hostPath }] of (given.volumes ?? []).entries()) {
    if (hostPath !== undefined)
      refuse(
        `volumes.${index}.hostPath`,
        `Fargate compatible task definitions do not support host.sourcePath (volume ${name})`,
      );
  }
  if (given.placementConstraints?.length)
    refuse(
      "placementConstraints",
      "Fargate compatible task definitions do not support placement constraints",
    );
  if (given.pidMode === "host")
    refuse("pidMode", "Fargate compatible task definitions do not support pidMode host");
  if (given.ipcMode !== undefined)
    refuse("ipcMode", "Fargate compatible task definitions do not support ipcMode");
  const windows = given.runtimePlatform?.operatingSystemFamily?.startsWith("WINDOWS") ?? false;
  if (windows && !["1024", "2048", "4096"].includes(given.cpu ?? "1024")) {
    refuse(
      "cpu",
      `No Fargate configuration exists for given values: ${given.cpu} CPU, ${given.memory} memory. Windows has 1024, 2048 and 4096`,
    );
  }
  if (windows && given.runtimePlatform?.cpuArchitecture === "ARM64")
    refuse("runtimePlatform.cpuArchitecture", "Windows runs on X86_64 only");
  if (given.cpu === undefined || given.memory === undefined) return;
  const offered = memoryFor(given.cpu);
  if (!offered) {
    refuse(
      "cpu",
      `No Fargate configuration exists for given values: ${given.cpu} CPU, ${given.memory} memory. CPU is one of ${Object.keys(
        table,
      )
        .filter((key) => /^\d/.test(key))
        .join(", ")}`,
    );
  } else if (!offered.includes(Number(given.memory))) {
    refuse(
      "memory",
      `No Fargate configuration exists for given values: ${given.cpu} CPU, ${given.memory} memory. Memory for ${given.cpu} CPU is one of ${offered.join(", ")}`,
    );
  }
  for (const [what, total] of [
    ["cpu", Number(given.cpu)],
    ["memory", Number(given.memory)],
  ] as const) {
    const sum = containers.reduce((before, each) => before + (each[what] ?? 0), 0);
    if (what === "cpu" ? sum > total : containers.some((each) => (each.memory ?? 0) > total)) {
      refuse("containerDefinitions", `The containers ask for more ${what} than the task's ${total}`);
    }
  }
}

/** ECS's error without an execution role, if the task needs one to start. */
function roleReason(containers: readonly Container[], fargate: boolean): string | undefined {
  if (containers.some(({ secrets = [] }) => secrets.length > 0)) {
    return "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.";
  }
  if (!fargate) return undefined;
  if (containers.some(({ logConfiguration }) => logConfiguration?.logDriver === "awslogs")) {
    return "Fargate requires task definition to have execution role ARN to support log driver awslogs.";
  }
  if (containers.some(({ image }) => /\.dkr\.ecr\./.test(image))) {
    return "Fargate requires task definition to have execution role ARN to support ECR images.";
  }
  return undefined;
}

function nextRevision(family: string, { account }: Context): number {
  const active = account.list(type).filter((each) => each.inputs.family === family);
  const gone = account.traces(revisionKind).filter(({ name }) => name === family);
  return (
    1 +
    Math.max(
      0,
      ...active.map(({ outputs }) => Number(outputs.revision)),
      ...gone.map(({ value }) => value ?? 0),
    )
  );
}

/** Container definitions in a canonical form: order and defaults do not matter to ECS. */
function canonical(definitions: unknown): unknown {
  const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
  return readContainers(definitions).map((each) => ({
    ...each,
    cpu: each.cpu ?? 0,
    environment: [...(each.environment ?? [])].sort(byName),
    essential: each.essential ?? true,
    mountPoints: each.mountPoints ?? [],
    portMappings: (each.portMappings ?? []).map((port) => ({
      hostPort: port.containerPort,
      protocol: "tcp",
      ...port,
    })),
    secrets: [...(each.secrets ?? [])].sort(byName),
    systemControls: each.systemControls ?? [],
    volumesFrom: each.volumesFrom ?? [],
  }));
}

/** The `aws:ecs/taskDefinition:TaskDefinition` model. */
export const taskDefinition: Model = {
  type,
  inputs,
  documents: ["containerDefinitions"],
  defaults: { skipDestroy: false, trackLatest: false },
  references: [
    {
      path: "executionRoleArn",
      to: "aws:iam/role:Role",
      by: "arn",
      missing: "ClientException",
      holds: false,
    },
    { path: "taskRoleArn", to: "aws:iam/role:Role", by: "arn", missing: "ClientException", holds: false },
  ],
  computed: ["arn", "arnWithoutRevision", "enableFaultInjection", "networkMode", "revision"],
  // With the revision: the real id is the family, which two revisions share during a replacement.
  identify: (given: Inputs, context) =>
    `arn:aws:ecs:${context.region}:${context.accountId}:task-definition/${given.family}:${nextRevision(given.family, context)}`,
  describe: (given: Inputs, id) => ({
    arn: id,
    arnWithoutRevision: id.replace(/:\d+$/, ""),
    enableFaultInjection: given.enableFaultInjection ?? false,
    networkMode: given.networkMode ?? "bridge",
    revision: Number(id.split(":").pop()),
  }),
  beforeCreate(given: Inputs, context) {
    for (const [name, roleArn] of Object.entries({
      executionRoleArn: given.executionRoleArn,
      taskRoleArn: given.taskRoleArn,
    })) {
      const role = roleByArn(roleArn, context);
      if (role && !trusts(role, "ecs-tasks.amazonaws.com")) {
        throw new AwsError(
          "ClientException",
          `ECS was unable to assume the role '${roleArn}' (${name}) of ${given.family}: its trust policy must allow ecs-tasks.amazonaws.com`,
        );
      }
    }
  },
  // A trace of the number: a deregistered revision's number is never used again.
  leaves: ({ inputs: given, outputs }) => [
    { kind: revisionKind, name: String(given.family), value: Number(outputs.revision) },
  ],
  suppresses: {
    containerDefinitions: (before, after) =>
      isDeepStrictEqual(canonical(before.containerDefinitions), canonical(after.containerDefinitions)),
  },
};
