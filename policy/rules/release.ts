import type { PolicyResource } from "@pulumi/policy";
import { guideScaleOf } from "../../stacks/capacity";
import { catalogue } from "../../stacks/guideIndexes";
import { containers } from "../containers";
import { stackRule } from "../rule";
import { texts } from "../settings";
import { isReplica, type Stack } from "../stack";
import { types } from "../../aws/types";
import { asText, type Finding, known, objects, parsed } from "../values";

/*
 * A release that is part of the update consists of Lambda invocations. Their purpose follows from their arguments: the index build is a function in the VPC with the database in its input, the migration runs a task.
 */

const mentions = (stack: Stack, invocation: PolicyResource, ...kinds: readonly string[]) =>
  kinds.some((type) => stack.sources(invocation, "input", type).length > 0);

const indexBuilds = (stack: Stack) =>
  stack
    .ofType(types.invocation)
    .filter((invocation) => mentions(stack, invocation, types.database, types.proxy))
    .filter((invocation) => stack.sources(invocation, "functionName", types.function).some(standsInVpc));

/** AWS returns an empty `vpcConfig` for a function outside a VPC, so the origin of its subnets decides. */
function standsInVpc({ props, propertyDependencies }: PolicyResource): boolean {
  if ((propertyDependencies["vpcConfig"] ?? []).length > 0) return true;
  const config = known(
    () => (props["vpcConfig"] as { subnetIds?: readonly string[] } | undefined)?.subnetIds,
  );
  return (config ?? []).length > 0;
}

const migrations = (stack: Stack) =>
  stack
    .ofType(types.invocation)
    .filter((invocation) => mentions(stack, invocation, types.taskDefinition))
    // A step with the service in its input only watches the deployment, and runs after it.
    .filter((invocation) => !mentions(stack, invocation, types.service));

/** Whether one of the steps comes before a resource. */
function precedes(stack: Stack, steps: readonly PolicyResource[], resource: PolicyResource): boolean {
  const earlier = stack.before(resource);
  return steps.some((step) => earlier.includes(step));
}

export const indexesBeforeService = stackRule(
  {
    name: "indexes-before-service",
    description: "The required indexes are built before the service starts new tasks",
    subject: "service of the chat",
    severity: "high",
    requirements: ["G-22", "G-86", "G-152"],
    remedy:
      "let the service depend on an aws.lambda.Invocation of a function in the VPC that builds the indexes",
  },
  function* (stack) {
    const builds = indexBuilds(stack);
    for (const service of stack.chatServices()) {
      yield* stack.judge(service, () => {
        if (builds.length === 0) return "no index build comes before the service";
        return !precedes(stack, builds, service) && "does not wait for the index build";
      });
    }
  },
);

export const migrationBeforeService = stackRule(
  {
    name: "migration-before-service",
    description: "The database is migrated once, before its indexes are built and new tasks start",
    subject: "database to migrate",
    severity: "high",
    requirements: ["G-46", "G-151", "GAP-43"],
    remedy:
      "an aws.lambda.Invocation that runs the migration as a task; index build and service depend on it",
  },
  function* (stack) {
    // Without a database there is nothing to migrate.
    if (stack.primaries().length === 0 && stack.ofType(types.databaseCluster).length === 0) return;
    const steps = migrations(stack);
    const waiting = [...stack.chatServices(), ...indexBuilds(stack)];
    for (const resource of waiting) {
      yield* stack.judge(
        resource,
        () => !precedes(stack, steps, resource) && "does not wait for the migration",
      );
    }
  },
);

/** The task that a step runs through the proxy, where the step does not tell it the instance's address instead. */
const throughProxy = (stack: Stack, step: PolicyResource): PolicyResource | undefined =>
  mentions(stack, step, types.database)
    ? undefined
    : stack
        .sources(step, "input", types.taskDefinition)
        .find(
          (task) =>
            stack.sources(task, "containerDefinitions", types.proxy).length > 0 &&
            stack.sources(task, "containerDefinitions", types.database).every(isReplica),
        );

export const releasePastProxy = stackRule(
  {
    name: "release-past-proxy",
    description:
      "Migration and index build go to the primary instance, not through the proxy and not to a replica",
    subject: "step of a release that migrates or builds indexes",
    severity: "high",
    requirements: ["G-86", "GAP-28"],
    remedy: "give the function the instance's address instead of the proxy's endpoint",
  },
  function* (stack) {
    for (const step of new Set([...indexBuilds(stack), ...migrations(stack)])) {
      yield* stack.judge(
        step,
        () => mentions(stack, step, types.proxy, types.proxyTarget) && "goes through the RDS Proxy",
      );
      yield* stack.judge(step, () => {
        const task = throughProxy(stack, step);
        return task && `runs ${task.name}, which goes through the RDS Proxy, and is not told the instance`;
      });
      yield* stack.judge(step, () => {
        const replica = stack.sources(step, "input", types.database).find(isReplica);
        return replica && `goes to the replica ${replica.name}`;
      });
    }
  },
);

/** Settings of PostgreSQL in a text: `lock_timeout=2s`. 0 is no limit. */
const boundsLocks = (text: unknown) => typeof text === "string" && /\block_timeout\W{1,6}0*[1-9]/.test(text);

/** Everything that containers are given as commands and variables, as far as it is known. */
const textOf = (task: PolicyResource["props"]): string =>
  containers(task)
    .flatMap(({ command, environment }) => [
      ...command,
      ...environment.map((entry) => known(() => entry.value)),
    ])
    .join(" ");

export const migrationLockTimeout = stackRule(
  {
    name: "migration-lock-timeout",
    description: "The migration waits for a lock for seconds: whoever reads the table waits behind it",
    subject: "step of a release that migrates",
    severity: "high",
    requirements: ["GAP-43"],
    remedy: 'give the migration\'s task the variable PGOPTIONS: "-c lock_timeout=2s"',
  },
  function* (stack) {
    for (const step of migrations(stack)) {
      yield* stack.judge(step, () => {
        const tasks = stack.sources(step, "input", types.taskDefinition);
        const isBound =
          boundsLocks(step.props["input"]) || tasks.some(({ props }) => boundsLocks(textOf(props)));
        return !isBound && "waits for locks without limit (no lock_timeout)";
      });
    }
  },
);

/** Whether a step runs again with the next release: what triggers it, or what it is told, comes from image or revision. */
function runsAgain(stack: Stack, step: PolicyResource): boolean {
  const told = ["triggers", "input"].some(
    (property) =>
      stack.sources(step, property, types.taskDefinition).length > 0 ||
      stack.sources(step, property, types.repository).length > 0,
  );
  const values = known(() => Object.values((step.props["triggers"] ?? {}) as object).map(asText)) ?? [];
  return told || values.some((value) => /^\S+\/\S+(:[^/\s]+|@sha256:\w+)$/.test(value));
}

export const stepsRunWithEachRelease = stackRule(
  {
    name: "release-steps-run-again",
    description: "Migration and index build run again with each release",
    subject: "step of a release that migrates or builds indexes",
    severity: "high",
    requirements: ["G-22", "G-46"],
    remedy: "triggers: { image }, the reference that the containers run",
  },
  function* (stack) {
    for (const step of new Set([...indexBuilds(stack), ...migrations(stack)])) {
      yield* stack.judge(
        step,
        () => !runsAgain(stack, step) && "does not run again when another image is released",
      );
    }
  },
);

/** A skipped index has a table that does not exist, or is served by another index that the operator chose to keep. */
const settled = ["valid", "skipped"];

/** Indexes that a build's own report lacks; a report in another form counts as complete. */
function lacking(result: unknown, required: readonly string[]): Finding {
  // An update with targets leaves the build out, and has no result of it.
  const report = parsed(result) as { readonly indexes?: unknown } | null | undefined;
  if (!Array.isArray(report?.indexes)) return undefined;
  const states = new Map(objects(report.indexes).map(({ name, state }) => [name, asText(state)]));
  const missing = required.filter((name) => !settled.includes(states.get(name) ?? "missing"));
  return missing.length > 0 && `did not build ${missing.join(", ")}`;
}

export const indexCatalogueComplete = stackRule(
  {
    name: "index-catalogue-complete",
    description: "The index build leaves every index that the guide requires at the scale",
    subject: "step of a release that builds indexes",
    severity: "high",
    requirements: ["G-22", "G-77", "G-83", "G-84", "G-87", "G-193"],
    remedy: "run the update again; chatpop-indexes --apply tells what stands in the way",
    settings: {
      indexes: texts([], "Names of the required indexes; without any, the guide's."),
    },
  },
  function* (stack, { indexes }) {
    const scale = guideScaleOf(stack.rooms());
    const required =
      indexes.length > 0
        ? indexes
        : catalogue.filter(({ scales }) => scales.includes(scale)).map(({ name }) => name);
    const builds = indexBuilds(stack);
    // A build may go on over several invocations; the last one's report counts.
    const last = builds.filter((build) => !builds.some((other) => other.dependencies.includes(build)));
    for (const build of last) {
      yield* stack.judge(build, () => lacking(build.props["result"], required));
    }
  },
);
