// Virtual machines, single cache nodes, and service discovery.
import { z } from "zod";
import nodeTypes from "../data/cache-node-types.json";
import { versionFault } from "./elastiCacheInputs";
import { AwsError, type Model } from "./model";
import { foreignGroups, toSecurityGroups, toSubnets, vpcsOf } from "./placement";
import { plain, drawn } from "./part";
import { refusal } from "./refusal";
import { securityGroupId, subnetId, taggable, text } from "./schema";

/** Families of EC2's instance types. */
const families =
  /^(a1|t2|t3a?|t4g|[mcr][3-9][a-z]*(-flex)?|x[128][a-z]*|z1d|i[2-9][a-z]*|im4gn|is4gen|d[23][a-z]*|h1|g[3-7][a-z]*|gr6f?|p[2-6][a-z-]*|inf[12]|trn[123]n?|f[12]|vt1|dl[12]q?|hpc[678][a-z]*|mac\S*|u\S*)$/;

/** IOPS that a kind of volume takes; those up to `free` need no size. */
const iopsOf: Readonly<
  Record<string, { least: number; most: number; perGib: number; free: number; asked?: boolean }>
> = {
  gp3: { least: 3_000, most: 80_000, perGib: 500, free: 3_000 },
  io1: { least: 100, most: 64_000, perGib: 50, free: 0, asked: true },
  io2: { least: 100, most: 256_000, perGib: 1_000, free: 0, asked: true },
};
/** The smallest volumes (GiB) of the kinds that do not begin at 1. */
const leastSizes: Readonly<Record<string, number>> = { io1: 4, io2: 4, sc1: 125, st1: 125 };

const volume = z
  .looseObject({
    deleteOnTermination: z.boolean().optional(),
    encrypted: z.boolean().optional(),
    iops: z.int().optional(),
    throughput: z.int().min(125).max(2_000).optional(),
    volumeSize: z.int().min(1).max(65_536).optional(),
    volumeType: z.enum(["standard", "gp2", "gp3", "io1", "io2", "sc1", "st1"]).optional(),
  })
  .superRefine(({ iops, throughput, volumeSize, volumeType = "gp2" }, context) => {
    const range = iopsOf[volumeType];
    if (range && iops === undefined && range.asked)
      refusal(context)("iops", `MissingParameter: a volume of ${volumeType} needs iops`);
    if (range && iops !== undefined && (iops < range.least || iops > range.most))
      refusal(context)("iops", `iops of ${volumeType} are ${range.least} to ${range.most}, not ${iops}`);
    if (range && iops !== undefined && iops > range.free && iops > range.perGib * (volumeSize ?? Infinity))
      refusal(context)(
        "iops",
        `InvalidParameterValue: Iops to volume size ratio of ${iops / volumeSize!} is too high: at most ${range.perGib} of ${volumeType} per GiB`,
      );
    if (throughput !== undefined && throughput > (iops ?? 3_000) / 4)
      refusal(context)(
        "throughput",
        `InvalidParameterValue: throughput (${throughput} MiB/s) is at most a quarter of iops (${iops ?? 3_000})`,
      );
    const least = leastSizes[volumeType] ?? 1;
    if (volumeSize !== undefined && volumeSize < least)
      refusal(context)(
        "volumeSize",
        `a volume of ${volumeType} has at least ${least} GiB, not ${volumeSize}`,
      );
    if (throughput !== undefined && volumeType !== "gp3")
      refusal(context)("throughput", `throughput is for volumes of gp3, not of ${volumeType}`);
    if (iops !== undefined && !["gp3", "io1", "io2"].includes(volumeType))
      refusal(context)("iops", `iops are for volumes of gp3, io1 and io2, not of ${volumeType}`);
  });

const instance: Model = plain("aws:ec2/instance:Instance", {
  inputs: taggable({
    ami: text(/^ami-[0-9a-f]{8,17}$/, "the id of an image (ami-…)").optional(),
    associatePublicIpAddress: z.boolean().optional(),
    availabilityZone: z.string().optional(),
    disableApiTermination: z.boolean().optional(),
    ebsBlockDevices: z.array(volume).optional(),
    ebsOptimized: z.boolean().optional(),
    iamInstanceProfile: z.string().optional(),
    instanceType: text(
      /^[a-z][a-z0-9-]*\d[a-z0-9-]*\.(nano|micro|small|medium|large|xlarge|\d+xlarge|metal(-\w+)?)$/,
      "an instance type (t3.micro)",
    )
      .refine((given) => families.test(given.slice(0, given.indexOf("."))), {
        error: ({ input }) =>
          `The embedded AWS does not know the instance type ${String(input)}, or AWS has not: packages/embedded-aws/models/instances.ts`,
      })
      .optional(),
    keyName: z.string().optional(),
    metadataOptions: z
      .strictObject({
        httpEndpoint: z.enum(["enabled", "disabled"]).optional(),
        httpProtocolIpv6: z.enum(["enabled", "disabled"]).optional(),
        httpPutResponseHopLimit: z.int().min(1).max(64).optional(),
        httpTokens: z.enum(["optional", "required"]).optional(),
        instanceMetadataTags: z.enum(["enabled", "disabled"]).optional(),
      })
      .optional(),
    monitoring: z.boolean().optional(),
    privateIp: z.ipv4().optional(),
    rootBlockDevice: volume.optional(),
    securityGroups: z.array(z.string()).optional(),
    sourceDestCheck: z.boolean().optional(),
    subnetId: subnetId.optional(),
    tenancy: z.enum(["default", "dedicated", "host"]).optional(),
    userData: z
      .string()
      .max(16_384, { error: "InvalidParameterValue: User data is limited to 16384 bytes" })
      .optional(),
    userDataBase64: z.string().optional(),
    userDataReplaceOnChange: z.boolean().optional(),
    volumeTags: z.record(z.string(), z.string()).optional(),
    vpcSecurityGroupIds: z.array(securityGroupId).optional(),
  }).superRefine((given, context) => {
    const refuse = refusal(context);
    if (given.ami === undefined) refuse("ami", "give ami, or a launch template");
    if (given.instanceType === undefined) refuse("instanceType", "give instanceType, or a launch template");
    if (given.userData !== undefined && given.userDataBase64 !== undefined)
      refuse("userData", "conflicts with userDataBase64");
  }),
  references: [
    toSubnets("subnetId", "InvalidSubnetID.NotFound"),
    toSecurityGroups("vpcSecurityGroupIds.*", "InvalidGroup.NotFound"),
    {
      path: "iamInstanceProfile",
      to: "aws:iam/instanceProfile:InstanceProfile",
      by: "name",
      missing: "InvalidParameterValue",
    },
  ],
  beforeCreate({ keyName, subnetId: place, vpcSecurityGroupIds = [] }, context) {
    if (keyName !== undefined)
      throw new AwsError(
        "InvalidKeyPair.NotFound",
        `The key pair '${String(keyName)}' does not exist: the embedded AWS has none`,
      );
    const [network] = vpcsOf(place === undefined ? [] : [String(place)], context);
    const foreign = foreignGroups(vpcSecurityGroupIds as string[], network, context);
    if (foreign.length > 0)
      throw new AwsError(
        "InvalidParameter",
        `Security group ${foreign.join(", ")} and subnet ${String(place)} belong to different networks.`,
      );
  },
  replace: ["ami", "availabilityZone", "keyName", "privateIp", "subnetId", "tenancy"],
  id: drawn("i-"),
  arn: "arn:aws:ec2:{region}:{account}:instance/{id}",
  computed: [
    "instanceState",
    "privateDns",
    "privateIp",
    "publicDns",
    "publicIp",
    "primaryNetworkInterfaceId",
  ],
  outputs: ({ associatePublicIpAddress, privateIp }, _id, { hex, region }, previous) => ({
    instanceState: "running",
    privateIp: previous?.["privateIp"] ?? privateIp ?? "10.0.0.10",
    privateDns: `ip-10-0-0-10.${region}.compute.internal`,
    publicDns: "",
    publicIp: associatePublicIpAddress === true ? "203.0.113.10" : "",
    primaryNetworkInterfaceId: previous?.["primaryNetworkInterfaceId"] ?? `eni-${hex(17)}`,
  }),
  beforeDelete({ id, inputs }) {
    if (inputs["disableApiTermination"])
      throw new AwsError(
        "OperationNotPermitted",
        `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
  },
});

const sizes = nodeTypes as unknown as Readonly<Record<string, readonly string[] | undefined>>;
const isNodeType = (name: string) =>
  sizes[name.slice(0, name.lastIndexOf("."))]?.includes(name.slice(name.lastIndexOf(".") + 1)) ?? false;

const cacheCluster: Model = plain("aws:elasticache/cluster:Cluster", {
  inputs: taggable({
    applyImmediately: z.boolean().optional(),
    autoMinorVersionUpgrade: z.string().optional(),
    availabilityZone: z.string().optional(),
    azMode: z.enum(["single-az", "cross-az"]).optional(),
    clusterId: text(
      /^[a-z](?!.*--)[a-z0-9-]{0,48}[a-z0-9]$|^[a-z]$/,
      "a cluster's id: lower-case letters, digits and single hyphens, at most 50",
    ).optional(),
    engine: z
      .enum(["redis", "memcached", "valkey"])
      .refine((given) => given !== "valkey", {
        error:
          "InvalidParameterValue: This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation",
      })
      .optional(),
    engineVersion: z.string().optional(),
    maintenanceWindow: z.string().optional(),
    nodeType: z
      .string()
      .refine(isNodeType, {
        error: ({ input }) => `The embedded AWS does not know the node type ${String(input)}`,
      })
      .optional(),
    numCacheNodes: z.int().min(1).max(40).optional(),
    parameterGroupName: z.string().optional(),
    port: z.int().min(1).max(65_535).optional(),
    replicationGroupId: z.string().optional(),
    securityGroupIds: z.array(securityGroupId).optional(),
    snapshotRetentionLimit: z.int().min(0).max(35).optional(),
    snapshotWindow: z.string().optional(),
    subnetGroupName: z.string().optional(),
    transitEncryptionEnabled: z.boolean().optional(),
  }).superRefine((given, context) => {
    const refuse = refusal(context);
    if (given.replicationGroupId !== undefined) return;
    if (given.engine === undefined) refuse("engine", "give engine, or replicationGroupId");
    if (given.nodeType === undefined) refuse("nodeType", "the parameter CacheNodeType must be provided");
    if (given.engine !== "memcached" && (given.numCacheNodes ?? 1) > 1)
      refuse("numCacheNodes", `engine "${given.engine}" does not support num_cache_nodes > 1`);
    if (given.azMode === "cross-az" && (given.engine !== "memcached" || (given.numCacheNodes ?? 1) < 2))
      refuse("azMode", "InvalidParameterCombination: cross-az needs at least two nodes of Memcached");
    if (given.engine === "memcached" && given.snapshotRetentionLimit)
      refuse("snapshotRetentionLimit", "InvalidParameterCombination: Memcached clusters have no snapshots");
    const fault = given.engine === "memcached" ? undefined : versionFault(given);
    if (fault !== undefined) refuse("engineVersion", fault);
  }),
  autoName: { property: "clusterId", maxLength: 50, lowerCase: true },
  references: [
    toSecurityGroups("securityGroupIds.*", "InvalidParameterValue"),
    {
      path: "subnetGroupName",
      to: "aws:elasticache/subnetGroup:SubnetGroup",
      by: "name",
      missing: "CacheSubnetGroupNotFoundFault",
    },
    {
      path: "replicationGroupId",
      to: "aws:elasticache/replicationGroup:ReplicationGroup",
      missing: "ReplicationGroupNotFoundFault",
    },
  ],
  unique: [{ property: "clusterId", taken: "CacheClusterAlreadyExists" }],
  replace: ["clusterId", "engine", "port", "subnetGroupName"],
  id: "clusterId",
  arn: "arn:aws:elasticache:{region}:{account}:cluster:{id}",
  computed: ["cacheNodes", "clusterAddress", "port", "engineVersionActual"],
  outputs: ({ port, engine, engineVersion }, id, { region }) => ({
    cacheNodes: [
      { address: `${id}.abc123.0001.${region}.cache.amazonaws.com`, id: "0001", port: port ?? 6379 },
    ],
    clusterAddress: engine === "memcached" ? `${id}.abc123.cfg.${region}.cache.amazonaws.com` : "",
    port: port ?? (engine === "memcached" ? 11_211 : 6379),
    engineVersionActual: engineVersion ?? "7.1.0",
  }),
});

const namespaceInputs = {
  description: z.string().max(1024).optional(),
  name: text(/^[!-~]{1,253}$/, "a namespace's name"),
};

const privateNamespace: Model = plain("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", {
  inputs: taggable({ ...namespaceInputs, vpc: z.string() }),
  references: [{ path: "vpc", to: "aws:ec2/vpc:Vpc", missing: "InvalidInput" }],
  unique: [{ property: "name", taken: "NamespaceAlreadyExists" }],
  replace: ["name", "vpc"],
  inUse: "ResourceInUse",
  id: drawn("ns-", 16),
  arn: "arn:aws:servicediscovery:{region}:{account}:namespace/{id}",
  computed: ["hostedZone"],
  outputs: (_, id) => ({ hostedZone: `Z${id.slice(3).toUpperCase()}` }),
});

const discoveryService: Model = plain("aws:servicediscovery/service:Service", {
  inputs: taggable({
    description: z.string().max(1024).optional(),
    dnsConfig: z
      .strictObject({
        dnsRecords: z
          .array(
            z.strictObject({
              ttl: z.int().min(0).max(2_147_483_647),
              type: z.enum(["SRV", "A", "AAAA", "CNAME"]),
            }),
          )
          .min(1),
        namespaceId: z.string(),
        routingPolicy: z.enum(["MULTIVALUE", "WEIGHTED"]).optional(),
      })
      .optional(),
    forceDestroy: z.boolean().optional(),
    healthCheckConfig: z.looseObject({ type: z.enum(["HTTP", "HTTPS", "TCP"]).optional() }).optional(),
    healthCheckCustomConfig: z
      .strictObject({ failureThreshold: z.int().min(1).max(10).optional() })
      .optional(),
    name: z.string().min(1).max(127).optional(),
    namespaceId: z.string().optional(),
    type: z.enum(["HTTP"]).optional(),
  }),
  autoName: { property: "name", maxLength: 127 },
  references: [{ path: "dnsConfig.namespaceId", to: privateNamespace.type, missing: "NamespaceNotFound" }],
  replace: ["name", "namespaceId"],
  id: drawn("srv-", 16),
  arn: "arn:aws:servicediscovery:{region}:{account}:service/{id}",
});

export const models: readonly Model[] = [instance, cacheCluster, privateNamespace, discoveryService];
