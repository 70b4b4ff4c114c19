import { types } from "../recording/types";

/** An argument that has one value in every resource of its type, and the reason. */
export type Constant = readonly [type: string, argument: string, value: unknown, why: string];

/** Arguments whose value no setting changes. */
export const constants: readonly Constant[] = [
  [types.database, "copyTagsToSnapshot", true, "a snapshot says which stack it is of"],
  [
    types.database,
    "applyImmediately",
    true,
    "`pulumi up` acts when it runs, not in the next maintenance window",
  ],
  [
    types.cache,
    "applyImmediately",
    true,
    "`pulumi up` acts when it runs, not in the next maintenance window",
  ],
  [types.cache, "snapshotWindow", "09:00-10:00", "quiet hours from New York to San Francisco"],
  [types.loadBalancer, "xffHeaderProcessingMode", "append", "a client cannot forge its address"],
  [types.proxy, "idleClientTimeout", 1_800, "tasks keep connections for minutes (G-106)"],
  [
    types.webAcl,
    "defaultAction",
    { allow: {} },
    "the firewall refuses what its rules name, and nothing else",
  ],
  [
    types.capacityProviders,
    "defaultCapacityProviderStrategies",
    [{ capacityProvider: "FARGATE", weight: 1 }],
    "what names no strategy of its own is never interrupted",
  ],
  [
    types.key,
    "deletionWindowInDays",
    7,
    "AWS's shortest: the key protects notices on their way, and nothing that lasts",
  ],
  [types.record, "ttl", 300, "a proof or an address that changes is known after five minutes"],
  [types.originAccessControl, "signingProtocol", "sigv4", "the only one that S3 accepts"],
  [types.distribution, "httpVersion", "http2and3", "phones that change their network keep their connection"],
  [types.distribution, "isIpv6Enabled", true, "phone networks without IPv4 reach the media"],
  [types.distribution, "restrictions", { geoRestriction: { restrictionType: "none" } }, "users travel"],
  [
    types.lambdaFunction,
    "architectures",
    ["arm64"],
    "the code is plain JavaScript, and arm64 costs a fifth less",
  ],
  [types.lambdaFunction, "memorySize", 256, "the functions wait for the database; they compute nothing"],
  [types.password, "minLower", 1, "a password has each kind of character"],
  [types.password, "minUpper", 1, "a password has each kind of character"],
  [types.password, "minNumeric", 1, "a password has each kind of character"],
  [types.eventTarget, "targetId", "topic", "the same target again after an update that was cut off"],
  [types.randomId, "byteLength", 4, "names of last snapshots differ, and fit into RDS's 255 characters"],
];

/** An argument that names another resource. */
export type Link = readonly [type: string, argument: string, to: string];

/** Arguments that name the stack's own resource of another type. */
export const links: readonly Link[] = [
  [types.internetGateway, "vpcId", types.vpc],
  [types.routeTable, "vpcId", types.vpc],
  [types.securityGroup, "vpcId", types.vpc],
  [types.defaultSecurityGroup, "vpcId", types.vpc],
  [types.vpcEndpoint, "vpcId", types.vpc],
  [types.natGateway, "allocationId", types.eip],
  [types.capacityProviders, "clusterName", types.cluster],
  [types.cache, "subnetGroupName", types.cacheSubnetGroup],
  [types.proxy, "roleArn", types.role],
  [types.proxyTarget, "targetGroupName", types.proxyPool],
  [types.backupSelection, "iamRoleArn", types.role],
  [types.backupSelection, "planId", types.backupPlan],
  [types.invocation, "functionName", types.lambdaFunction],
];

/** Arguments that people read, and AWS does not. */
export const words: readonly string[] = ["description", "comment", "tags"];
