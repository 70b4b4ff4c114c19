// An account with what a release meets: a network, a database, the application's task, and functions of the test's own.
import type { Properties } from "../../models/model";
import type { Cloud, Created } from "../provider/harness";
import { openCloud } from "../provider/harness";

export const types = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  eip: "aws:ec2/eip:Eip",
  natGateway: "aws:ec2/natGateway:NatGateway",
  routeTable: "aws:ec2/routeTable:RouteTable",
  route: "aws:ec2/route:Route",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  subnetGroup: "aws:rds/subnetGroup:SubnetGroup",
  parameterGroup: "aws:rds/parameterGroup:ParameterGroup",
  database: "aws:rds/instance:Instance",
  proxy: "aws:rds/proxy:Proxy",
  proxyTarget: "aws:rds/proxyTarget:ProxyTarget",
  secret: "aws:secretsmanager/secret:Secret",
  secretVersion: "aws:secretsmanager/secretVersion:SecretVersion",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  cluster: "aws:ecs/cluster:Cluster",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  service: "aws:ecs/service:Service",
  scalingTarget: "aws:appautoscaling/target:Target",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  function: "aws:lambda/function:Function",
  invocation: "aws:lambda/invocation:Invocation",
} as const;
export type Kind = keyof typeof types;

/** Long and odd enough to be found wherever it should not be. */
export const password = "Kx7!never-on-disk-42";

/** Parts of the account, and short ways to add to it. */
export interface Account {
  readonly cloud: Cloud;
  readonly subnets: readonly string[];
  readonly database: Created;
  /** The instance's address. */
  readonly host: string;
  readonly databaseGroup: string;
  /** A group that may reach the database, and one that may not. */
  readonly allowedGroup: string;
  readonly foreignGroup: string;
  readonly logGroup: string;
  make(kind: Kind, name: string, inputs: Properties): Promise<Created>;
  /** A function from its source; `vpc` puts it into the network with that group. */
  fn(name: string, source: string, more?: Properties & { group?: string }): Promise<Created>;
  /** Invokes a function; the parsed result. */
  invoke(fn: Created, event: unknown, more?: Properties): Promise<unknown>;
  close(): void;
}

/** Opens an account of its own. */
export async function openAccount(
  options: { parameters?: Properties[]; faults?: object[]; policy?: object } = {},
): Promise<Account> {
  const cloud = await openCloud(options.faults ? { faults: JSON.stringify(options.faults) } : {});
  const make: Account["make"] = (kind, name, inputs) => cloud.create(types[kind], name, inputs);
  const network = await makeNetwork(make);
  const database = await makeDatabase(make, network, options.parameters ?? []);
  const { id: logGroup } = await make("logGroup", "functions", { name: "/aws/lambda/release" });
  const role = await make("role", "functions", { assumeRolePolicy: trust("lambda") });
  await make("rolePolicy", "functions", {
    role: role.id,
    policy: policy({
      Action: [
        "logs:PutLogEvents",
        "logs:GetLogEvents",
        ...(((options.policy ?? {}) as { Action?: string[] }).Action ?? []),
      ],
      Resource: "*",
    }),
  });
  const policyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
  await make("attachment", "functions", { role: role.id, policyArn });
  let invocations = 0;
  return {
    ...{ cloud, database, logGroup, make },
    ...network,
    host: String(database.outputs.address),
    fn: (name, source, { group, ...more } = {}) =>
      make("function", name, {
        runtime: "nodejs22.x",
        handler: "index.handler",
        code: archive({ "index.js": source }),
        role: role.outputs.arn,
        timeout: 30,
        loggingConfig: { logFormat: "Text", logGroup },
        ...(group === undefined
          ? {}
          : { vpcConfig: { subnetIds: network.subnets, securityGroupIds: [group] } }),
        ...more,
      }),
    async invoke(fn, event, more = {}) {
      const inputs = { functionName: fn.outputs.name, input: JSON.stringify(event), ...more };
      const { outputs } = await make("invocation", `call-${++invocations}`, inputs);
      return JSON.parse(String(outputs.result)) as unknown;
    },
    close: () => cloud.close(),
  };
}

/** The source of a function with this body. */
export const asyncHandler = (body: string) => `exports.handler = async (event, context) => { ${body} };`;

/** An archive of texts, as it comes over the wire. */
export function archive(files: Readonly<Record<string, string>>): Properties {
  const signature = "4dabf18193072939515e22adb298388d";
  const assets = Object.entries(files).map(([name, text]) => [
    name,
    { [signature]: "c44067f5952c0a294b673a41bacd8c17", text },
  ]);
  return {
    [signature]: "0def7320c3a5731c473e5ecbe6d01bc7",
    hash: JSON.stringify(files),
    assets: Object.fromEntries(assets) as Properties,
  };
}

/** The document that lets a service take on a role. */
export function trust(service: string): string {
  const Principal = { Service: `${service}.amazonaws.com` };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }],
  });
}

/** A policy document that allows these statements. */
export function policy(...statements: object[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

async function makeNetwork(make: Account["make"]) {
  const { id: vpcId } = await make("vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = async (zone: string, cidrBlock: string) =>
    (await make("subnet", zone, { vpcId, cidrBlock, availabilityZone: `us-east-1${zone}` })).id;
  const subnets = [await subnet("a", "10.0.1.0/24"), await subnet("b", "10.0.2.0/24")];
  await makeWayOut(make, vpcId, subnets);
  const group = async (name: string) => (await make("securityGroup", name, { vpcId })).id;
  const [databaseGroup, allowedGroup, foreignGroup] = [
    await group("database"),
    await group("allowed"),
    await group("foreign"),
  ];
  const rule = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
  await make("ingress", "in", {
    ...rule,
    securityGroupId: databaseGroup,
    referencedSecurityGroupId: allowedGroup,
  });
  for (const own of [allowedGroup, foreignGroup]) {
    await make("egress", `out-${own}`, {
      ...rule,
      securityGroupId: own,
      referencedSecurityGroupId: databaseGroup,
    });
  }
  return { subnets, databaseGroup, allowedGroup, foreignGroup };
}

/** Tasks pull their images through a NAT gateway. */
async function makeWayOut(make: Account["make"], vpcId: string, subnets: readonly string[]): Promise<void> {
  await make("internetGateway", "out", { vpcId });
  const { id: allocationId } = await make("eip", "out", { domain: "vpc" });
  const { id: natGatewayId } = await make("natGateway", "out", { subnetId: subnets[0], allocationId });
  const { id: routeTableId } = await make("routeTable", "out", { vpcId });
  await make("route", "out", { routeTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId });
  for (const subnetId of subnets) await make("association", subnetId, { routeTableId, subnetId });
}

async function makeDatabase(
  make: Account["make"],
  { subnets, databaseGroup }: { subnets: readonly string[]; databaseGroup: string },
  parameters: Properties[],
): Promise<Created> {
  const group = await make("subnetGroup", "database", { subnetIds: subnets });
  const parameterGroup = await make("parameterGroup", "database", { family: "postgres15", parameters });
  return make("database", "database", {
    engine: "postgres",
    engineVersion: "15",
    instanceClass: "db.t3.small",
    allocatedStorage: 20,
    dbName: "chatpop",
    username: "chatpop",
    password,
    dbSubnetGroupName: group.id,
    parameterGroupName: parameterGroup.id,
    vpcSecurityGroupIds: [databaseGroup],
    skipFinalSnapshot: true,
  });
}
