// A task's container definitions: JSON text, in ECS's form.
import { z } from "zod";
import { refusal } from "./refusal";
import { text } from "./schema";
import { waitFaults } from "./containerWaits";

const keyValue = z.strictObject({ name: z.string().min(1), value: z.string() });
const secret = z.strictObject({ name: z.string().min(1), valueFrom: z.string().min(1) });
const memory = z.int().min(4).optional();

const ulimits = [
  ...["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice"],
  ...["nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"],
] as const;

/** The only limit that Fargate lets a program set. */
const fargateUlimit = "nofile";
const mostOpenFiles = 1_048_576;

const container = z
  .strictObject({
    command: z.array(z.string()).optional(),
    cpu: z.int().min(0).optional(),
    credentialSpecs: z.array(z.string()).optional(),
    dependsOn: z
      .array(
        z.strictObject({
          containerName: z.string(),
          condition: z.enum(["START", "COMPLETE", "SUCCESS", "HEALTHY"]),
        }),
      )
      .optional(),
    disableNetworking: z.boolean().optional(),
    dnsSearchDomains: z.array(z.string()).optional(),
    dnsServers: z.array(z.string()).optional(),
    dockerLabels: z.record(z.string(), z.string()).optional(),
    dockerSecurityOptions: z.array(z.string()).optional(),
    entryPoint: z.array(z.string()).optional(),
    environment: z.array(keyValue).optional(),
    environmentFiles: z
      .array(
        z.strictObject({
          type: z.literal("s3"),
          value: text(
            /^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}\/.*\.env$/,
            "the ARN of an object whose name ends with .env (arn:aws:s3:::<bucket>/<key>.env)",
          ),
        }),
      )
      .max(10)
      .optional(),
    essential: z.boolean().optional(),
    extraHosts: z.array(z.strictObject({ hostname: z.string(), ipAddress: z.string() })).optional(),
    firelensConfiguration: z
      .strictObject({
        type: z.enum(["fluentd", "fluentbit"]),
        options: z.record(z.string(), z.string()).optional(),
      })
      .optional(),
    healthCheck: z
      .strictObject({
        command: z.array(z.string()).min(1),
        interval: z.int().min(5).max(300).optional(),
        retries: z.int().min(1).max(10).optional(),
        startPeriod: z.int().min(0).max(300).optional(),
        timeout: z.int().min(2).max(60).optional(),
      })
      .optional(),
    hostname: z.string().optional(),
    image: z.string().min(1),
    interactive: z.boolean().optional(),
    links: z.array(z.string()).optional(),
    linuxParameters: z
      .strictObject({
        capabilities: z
          .strictObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
          .optional(),
        devices: z.array(z.unknown()).max(0, { error: "Fargate has no devices" }).optional(),
        initProcessEnabled: z.boolean().optional(),
        maxSwap: z.int().optional(),
        sharedMemorySize: z.int().optional(),
        swappiness: z.int().optional(),
        tmpfs: z.array(z.unknown()).optional(),
      })
      .optional(),
    logConfiguration: z
      .strictObject({
        logDriver: z.enum(["awslogs", "awsfirelens", "splunk"]),
        options: z.record(z.string(), z.string()).optional(),
        secretOptions: z.array(secret).optional(),
      })
      .optional(),
    memory,
    memoryReservation: memory,
    mountPoints: z
      .array(
        z.strictObject({
          sourceVolume: z.string().optional(),
          containerPath: z.string().optional(),
          readOnly: z.boolean().optional(),
        }),
      )
      .optional(),
    name: text(/^[A-Za-z0-9_-]{1,255}$/, "a container's name: letters, digits, hyphens and underscores"),
    portMappings: z
      .array(
        z.strictObject({
          appProtocol: z.enum(["http", "http2", "grpc"]).optional(),
          containerPort: z.int().min(1).max(65535).optional(),
          containerPortRange: z.string().optional(),
          hostPort: z.int().min(0).max(65535).optional(),
          name: z.string().max(64).optional(),
          protocol: z.enum(["tcp", "udp"]).optional(),
        }),
      )
      .optional(),
    privileged: z.boolean().optional(),
    pseudoTerminal: z.boolean().optional(),
    readonlyRootFilesystem: z.boolean().optional(),
    repositoryCredentials: z.strictObject({ credentialsParameter: z.string() }).optional(),
    resourceRequirements: z
      .array(z.strictObject({ type: z.enum(["GPU", "InferenceAccelerator"]), value: z.string() }))
      .optional(),
    restartPolicy: z
      .strictObject({
        enabled: z.boolean(),
        ignoredExitCodes: z.array(z.int()).optional(),
        restartAttemptPeriod: z.int().min(60).max(1800).optional(),
      })
      .optional(),
    secrets: z.array(secret).optional(),
    startTimeout: z.int().min(2).max(120).optional(),
    stopTimeout: z
      .int()
      .min(0)
      .max(120, { error: "stopTimeout is at most 120 seconds on Fargate" })
      .optional(),
    systemControls: z.array(z.strictObject({ namespace: z.string(), value: z.string() })).optional(),
    ulimits: z
      .array(z.strictObject({ name: z.enum(ulimits), softLimit: z.int().min(0), hardLimit: z.int().min(0) }))
      .optional(),
    user: z.string().optional(),
    versionConsistency: z.enum(["enabled", "disabled"]).optional(),
    volumesFrom: z
      .array(z.strictObject({ sourceContainer: z.string().optional(), readOnly: z.boolean().optional() }))
      .optional(),
    workingDirectory: z.string().optional(),
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const names = [...(given.environment ?? []), ...(given.secrets ?? [])].map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      refuse(
        "environment",
        `The secret name or environment variable ${twice} must be unique and not shared with any new or existing environment variables set on the container`,
      );
    }
    for (const [index, { name, softLimit, hardLimit }] of (given.ulimits ?? []).entries()) {
      if (softLimit > hardLimit)
        refuse(
          `ulimits.${index}.softLimit`,
          `the soft limit ${softLimit} is above the hard limit ${hardLimit}`,
        );
      if (name === "nofile" && hardLimit > mostOpenFiles)
        refuse(`ulimits.${index}.hardLimit`, `nofile is at most ${mostOpenFiles}`);
    }
    if (given.logConfiguration?.logDriver === "awslogs") {
      for (const option of ["awslogs-group", "awslogs-region", "awslogs-stream-prefix"]) {
        if (!given.logConfiguration.options?.[option])
          refuse("logConfiguration.options", `log driver awslogs needs the option ${option}`);
      }
    }
    for (const [index, { containerPort, hostPort }] of (given.portMappings ?? []).entries()) {
      if (hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort) {
        refuse(
          `portMappings.${index}.hostPort`,
          `When networkMode=awsvpc, the host ports and container ports in port mappings must match (${hostPort} and ${containerPort})`,
        );
      }
    }
  });

const containers = z
  .array(container)
  .min(1, { error: "a task has at least one container" })
  .max(10, { error: "a task has at most 10 containers" })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const names = given.map(({ name }) => name);
    const ports = given.flatMap(({ portMappings = [] }) =>
      portMappings.map(({ containerPort }) => containerPort),
    );
    if (!given.some(({ essential = true }) => essential))
      refuse("0.essential", "At least one essential container is required");
    if (new Set(names).size < names.length)
      refuse("0.name", `container names must be unique: ${names.join(", ")}`);
    if (new Set(ports).size < ports.length)
      refuse("0.portMappings", `containers of a task share their ports: ${ports.join(", ")} has one twice`);
    for (const { index, fault } of waitFaults(given)) refuse(`${index}.dependsOn`, fault);
    const router = given.some(({ firelensConfiguration }) => firelensConfiguration);
    given.forEach(({ logConfiguration }, index) => {
      if (logConfiguration?.logDriver === "awsfirelens" && !router)
        refuse(
          `${index}.logConfiguration`,
          "log driver awsfirelens needs a container with firelensConfiguration",
        );
    });
  });

/** One container definition, in ECS's form. */
export type Container = z.infer<typeof container>;

/** The containers that the text describes; empty for text that is refused. */
export function readContainers(definitions: unknown): Container[] {
  return containers.safeParse(parse(definitions)).data ?? [];
}

/** Faults for which ECS refuses the text, one sentence each. */
export function faultsOf(definitions: string): string[] {
  const value = parse(definitions);
  if (value === undefined) return ["ECS Task Definition container_definitions is invalid: it is not JSON"];
  const issues = containers.safeParse(value).error?.issues ?? [];
  return issues.map((issue) => {
    const index = issue.path[0];
    const name = typeof index === "number" ? (value as { name?: string }[])[index]?.name : undefined;
    const place = [name ?? index, ...issue.path.slice(1)].filter((step) => step !== undefined).join(".");
    return place === "" ? issue.message : `${place}: ${issue.message}`;
  });
}

/** Refusals of Fargate in particular. */
export function faultsOnFargate(given: readonly Container[]): string[] {
  return given.flatMap((each) => [
    ...(each.resourceRequirements ?? []).map(
      ({ type }) => `${each.name}: Tasks with ${type} resource requirements are not supported on Fargate`,
    ),
    ...(each.linuxParameters?.capabilities?.add ?? [])
      .filter((capability) => capability !== "SYS_PTRACE")
      .map(
        (capability) =>
          `${each.name}: Fargate lets containers add the capability SYS_PTRACE only, not ${capability}`,
      ),
    ...(["sharedMemorySize", "maxSwap", "swappiness"] as const)
      .filter((name) => each.linuxParameters?.[name] !== undefined)
      .map((name) => `${each.name}: ${name} is not supported on Fargate`),
    ...(each.linuxParameters?.tmpfs?.length ? [`${each.name}: tmpfs is not supported on Fargate`] : []),
    ...(
      [
        "disableNetworking",
        "dnsServers",
        "dnsSearchDomains",
        "dockerSecurityOptions",
        "extraHosts",
        "hostname",
      ] as const
    )
      .filter((name) => each[name] !== undefined)
      .map((name) => `${each.name}: ${name} is not supported on Fargate with network mode awsvpc`),
    ...(each.privileged ? [`${each.name}: Fargate runs no privileged containers`] : []),
    ...(each.links?.length ? [`${each.name}: links are not supported with network mode awsvpc`] : []),
    ...(each.ulimits ?? [])
      .filter(({ name }) => name !== fargateUlimit)
      .map(({ name }) => `${each.name}: Fargate lets you set the ulimit ${fargateUlimit} only, not ${name}`),
  ]);
}

function parse(definitions: unknown): unknown {
  try {
    return JSON.parse(String(definitions)) as unknown;
  } catch {
    return undefined;
  }
}
