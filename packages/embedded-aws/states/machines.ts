// The states of resources in time, as data: the simulated time of each, and the calls that it refuses. States that the
// provider waits for are over when it answers; they are in no table.
import type { Properties } from "../account";

/** A state that ends by itself. */
export interface Step {
  readonly state: string;
  /** AWS's reason for the state: `PENDING_PROXY_CAPACITY`. */
  readonly reason?: string;
  /** Simulated minutes until the next state. */
  readonly minutes: number;
}

/** A call that only some states accept. */
export interface Gate {
  readonly accepts: readonly string[];
  /** AWS's error code. */
  readonly code: string;
  /** AWS's sentence; `{name}` and `{state}` are filled in. */
  readonly message: string;
}

/** The states of one type. */
export interface Machine {
  /** The state in which it stays. */
  readonly settled: string;
  /** Further states of AWS, which `embedded-aws state` can set. */
  readonly states: readonly string[];
  /** States after a creation. */
  readonly created?: readonly Step[];
  /** States after an update that is a change of the kind `when`. */
  readonly updated?: readonly { readonly when: Change; readonly steps: readonly Step[] }[];
  /** Calls that a state can refuse, by their name in the API. */
  readonly gates: Readonly<Record<string, Gate>>;
  /** The API's names of the provider's own calls. */
  readonly update?: string;
  readonly delete?: string;
}

/** Kinds of change by an update. */
export type Change = "anything" | "storage grows" | "waits for the maintenance window";

/** Whether an update is of that kind. */
export const changes: Readonly<Record<Change, (before: Properties, after: Properties) => boolean>> = {
  anything: () => true,
  "storage grows": (before, after) => Number(after.allocatedStorage) > Number(before.allocatedStorage),
  "waits for the maintenance window": (before, after) =>
    after.applyImmediately !== true &&
    ["nodeType", "engineVersion", "parameterGroupName"].some((name) => after[name] !== before[name]),
};

const minutes = { hour: 60, day: 24 * 60 };

/** Lambda reclaims a function's resources after weeks without a call; AWS gives no figure, two weeks are assumed. */
export const unused: readonly Step[] = [{ state: "Active", minutes: 14 * minutes.day }];

/** Machines by type token. */
export const machines: Readonly<Record<string, Machine | undefined>> = {
  "aws:rds/instance:Instance": {
    settled: "available",
    states: [
      "backing-up",
      "modifying",
      "storage-optimization",
      "storage-full",
      "rebooting",
      "stopped",
      "failed",
    ],
    // AWS: "storage optimization can take several hours"; the provider does not wait for its end.
    updated: [
      { when: "storage grows", steps: [{ state: "storage-optimization", minutes: 6 * minutes.hour }] },
    ],
    update: "ModifyDBInstance",
    delete: "DeleteDBInstance",
    gates: {
      RegisterDBProxyTargets: {
        accepts: ["available", "modifying", "backing-up"],
        code: "InvalidDBInstanceStateFault",
        message:
          "DB Instance {name} is in an unsupported state - {STATE}, needs to be in [AVAILABLE, MODIFYING, BACKING_UP]",
      },
      ModifyDBInstance: {
        accepts: ["available", "storage-optimization", "storage-full"],
        code: "InvalidDBInstanceState",
        message: "Database instance is not in available state: {name} is {state}",
      },
      "ModifyDBInstance (storage)": {
        accepts: ["available", "storage-full"],
        code: "InvalidParameterCombination",
        message:
          "You can't currently modify the storage of this DB instance because the previous storage change is being optimized: {name} is {state}",
      },
      CreateDBInstanceReadReplica: {
        accepts: ["available", "modifying", "backing-up", "storage-optimization"],
        code: "InvalidDBInstanceState",
        message: "The source instance {name} isn't in a valid state: {state}",
      },
      DeleteDBInstance: {
        accepts: ["available", "storage-optimization", "storage-full", "stopped", "failed", "modifying"],
        code: "InvalidDBInstanceState",
        message: "Instance {name} is currently {state} - only an instance at rest can be deleted",
      },
    },
  },
  "aws:rds/proxyTarget:ProxyTarget": {
    settled: "AVAILABLE",
    states: ["REGISTERING", "UNAVAILABLE"],
    // RegisterDBProxyTargets answers at once. AWS: registering > unavailable > available.
    created: [
      { state: "REGISTERING", minutes: 1 },
      { state: "UNAVAILABLE", reason: "PENDING_PROXY_CAPACITY", minutes: 4 },
    ],
    gates: {},
  },
  "aws:lambda/function:Function": {
    settled: "Inactive",
    states: ["Pending", "Active", "Failed"],
    created: unused,
    updated: [{ when: "anything", steps: unused }],
    gates: {
      Invoke: {
        accepts: ["Active"],
        code: "ResourceConflictException",
        message:
          "The operation cannot be performed at this time. The function is currently in the following state: {state}",
      },
    },
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    settled: "available",
    states: ["creating", "modifying", "snapshotting", "deleting", "create-failed"],
    // ElastiCache makes the change in the weekly window, at most seven days later, unless applyImmediately is true.
    updated: [
      {
        when: "waits for the maintenance window",
        steps: [
          { state: "available", minutes: 7 * minutes.day },
          { state: "modifying", minutes: minutes.hour },
        ],
      },
    ],
    update: "ModifyReplicationGroup",
    delete: "DeleteReplicationGroup",
    gates: {
      ModifyReplicationGroup: {
        accepts: ["available"],
        code: "InvalidReplicationGroupState",
        message: "Replication group must be in available state to modify. {name} is {state}",
      },
      DeleteReplicationGroup: {
        accepts: ["available", "create-failed"],
        code: "InvalidReplicationGroupState",
        message: "Replication group {name} has status {state} which is not valid for deletion.",
      },
    },
  },
  "aws:ec2/natGateway:NatGateway": {
    settled: "available",
    states: ["pending", "failed", "deleting"],
    gates: {
      "a route to the internet": {
        accepts: ["available"],
        code: "NatGatewayFailed",
        message: "NAT gateway {name} is {state}",
      },
    },
  },
  "aws:acm/certificate:Certificate": {
    settled: "ISSUED",
    states: ["PENDING_VALIDATION", "VALIDATION_TIMED_OUT", "EXPIRED", "FAILED"],
    gates: {
      CreateListener: {
        accepts: ["ISSUED"],
        code: "UnsupportedCertificate",
        message:
          "The certificate '{name}' must have a fully-qualified domain name, a supported signature, and a supported key size: it is {state}",
      },
    },
  },
};
