import { catalogue } from "../../stacks/guideIndexes";
import { secretWire, type Wire } from "./wire";

/** Arguments of the question for a resource's outputs. */
export interface Created {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, Wire>>;
}

type Outputs = Readonly<Record<string, Wire>>;

/** The region of everything, unless a run names another one. */
export const defaultRegion = "us-east-1";
const region = defaultRegion;
const account = "123456789012";

/** `aws:rds/instance:Instance` has the service `rds`. */
const serviceOf = (type: string) => type.split(":")[1]?.split("/")[0] ?? "";

const physicalName = ({ name, inputs }: Created) =>
  inputs["name"] ?? `${String(inputs["namePrefix"] ?? `${name}-`)}1a2b3c4`;

/** Only what the program reads; every AWS resource has a name and an ARN besides. */
const byType: Readonly<Record<string, (created: Created) => Outputs>> = {
  "aws:acm/certificate:Certificate": ({ inputs }) => ({
    domainValidationOptions: [
      {
        domainName: String(inputs["domainName"]),
        resourceRecordName: `_a1.${String(inputs["domainName"])}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_b2.acm-validations.aws.",
      },
    ],
  }),
  "aws:cloudfront/distribution:Distribution": () => ({
    arn: `arn:aws:cloudfront::${account}:distribution/E1A2B3C4`,
    domainName: "d1a2b3c4.cloudfront.net",
  }),
  "aws:cloudwatch/logGroup:LogGroup": (group) => ({
    name: physicalName(group),
    arn: `arn:aws:logs:${region}:${account}:log-group:${String(physicalName(group))}`,
  }),
  "aws:ecr/repository:Repository": ({ name }) => ({
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}-1a2b3c4`,
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ name }) => ({
    primaryEndpointAddress: `master.${name}.cache.amazonaws.com`,
  }),
  "aws:ecs/taskDefinition:TaskDefinition": ({ inputs }) => ({
    arn: `arn:aws:ecs:${region}:${account}:task-definition/${String(inputs["family"])}:1`,
  }),
  "aws:ecs/cluster:Cluster": (cluster) => ({
    arn: `arn:aws:ecs:${region}:${account}:cluster/${String(physicalName(cluster))}`,
  }),
  "aws:iam/role:Role": (role) => ({ arn: `arn:aws:iam::${account}:role/${String(physicalName(role))}` }),
  "aws:iam/policy:Policy": (policy) => ({
    arn: `arn:aws:iam::${account}:policy/${String(physicalName(policy))}`,
  }),
  "aws:lambda/invocation:Invocation": ({ name }) => ({
    result: JSON.stringify(name.includes("indexes") ? indexReport : { state: "succeeded" }),
  }),
  "aws:lb/loadBalancer:LoadBalancer": ({ name }) => ({
    arnSuffix: `app/${name}/50dc6c495c0c9188`,
    dnsName: `${name}-1234567890.${region}.elb.amazonaws.com`,
    zoneId: "Z35SXDOTRQ7X7K",
  }),
  "aws:lb/targetGroup:TargetGroup": ({ name }) => ({ arnSuffix: `targetgroup/${name}/73e2d6bc24d8a067` }),
  "aws:route53/record:Record": ({ inputs }) => ({ fqdn: String(inputs["name"]).replace(/\.$/, "") }),
  "aws:rds/instance:Instance": ({ name }) => ({
    identifier: `${name}-1a2b3c4`,
    address: `${name}.instance.rds.amazonaws.com`,
    endpoint: `${name}.instance.rds.amazonaws.com:5432`,
  }),
  "aws:rds/proxy:Proxy": ({ name }) => ({ endpoint: `${name}.proxy.rds.amazonaws.com` }),
  "aws:s3/bucket:Bucket": ({ name }) => ({
    bucket: `${name}-1a2b3c4`,
    arn: `arn:aws:s3:::${name}-1a2b3c4`,
    bucketRegionalDomainName: `${name}-1a2b3c4.s3.${region}.amazonaws.com`,
  }),
  // A secret's ARN ends in six characters that AWS draws, and its version has the same one.
  "aws:secretsmanager/secret:Secret": ({ name }) => ({ arn: secretArn(name) }),
  "aws:secretsmanager/secretVersion:SecretVersion": ({ name }) => ({ arn: secretArn(name) }),
  "random:index/randomId:RandomId": () => ({ hex: "0a1b2c3d" }),
  "random:index/randomPassword:RandomPassword": ({ name }) => ({ result: secretWire(drawnPassword(name)) }),
};

const indexReport = { state: "valid", indexes: catalogue.map(({ name }) => ({ name, state: "valid" })) };

const secretArn = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-a1B2c3`;

/** The password that the random provider "draws" for a resource; tests look for it where it must not be. */
export const drawnPassword = (name: string): string => `drawn-for-${name}`;

/** The outputs that AWS computes for a resource, beyond its own inputs. */
export function computedOutputs(created: Created, place = defaultRegion): Outputs {
  const name = physicalName(created);
  const common: Outputs = created.type.startsWith("aws:")
    ? { name, arn: `arn:aws:${serviceOf(created.type)}:${region}:${account}:${String(name)}` }
    : {};
  return inRegion({ ...common, ...byType[created.type]?.(created) }, place);
}

/** The same in another region. */
export function inRegion(outputs: Outputs, place: string): Outputs {
  return place === region
    ? outputs
    : (JSON.parse(JSON.stringify(outputs).replaceAll(region, place)) as Outputs);
}

/** Zones as an account finds them: one too old for RDS Proxy, one that has failed, one of a single city. */
const zones = [
  { name: `${region}-bos-1a`, id: "use1-bos1-az1", state: "available", optIn: "not-opted-in" },
  { name: `${region}e`, id: "use1-az3", state: "available", optIn: "opt-in-not-required" },
  { name: `${region}f`, id: "use1-az5", state: "impaired", optIn: "opt-in-not-required" },
  ...["a", "b", "c"].map((letter, index) => ({
    name: region + letter,
    id: `use1-az${[6, 1, 2][index]}`,
    state: "available",
    optIn: "opt-in-not-required",
  })),
];

interface ZoneQuestion {
  readonly state?: string;
  readonly excludeZoneIds?: readonly string[];
  readonly filters?: readonly { readonly name: string; readonly values: readonly string[] }[];
}

function zoneNames({ state, excludeZoneIds = [], filters = [] }: ZoneQuestion): readonly string[] {
  const optIn = filters.find(({ name }) => name === "opt-in-status")?.values;
  return zones
    .filter((zone) => state === undefined || zone.state === state)
    .filter(({ id }) => !excludeZoneIds.includes(id))
    .filter((zone) => optIn === undefined || optIn.includes(zone.optIn))
    .map(({ name }) => name);
}

/** AWS's answers to questions that create nothing. */
export const functionResults: Readonly<Record<string, (inputs: object) => Outputs>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (question) => ({ names: [...zoneNames(question)] }),
  "aws:index/getRegion:getRegion": () => ({ region, name: region, id: region }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: account }),
  "aws:route53/getZone:getZone": () => ({
    zoneId: "Z0123456789ABC",
    name: "example.com",
    privateZone: false,
  }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
};
