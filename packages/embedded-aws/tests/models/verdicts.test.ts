import { expect } from "chai";
import type { Properties } from "../../models/model";
import { primary } from "./database";
import { models } from "../../models/registry";
import { check } from "../../provider/check";
import { containers, definition, web } from "./task";
import { putRole, World } from "./world";

const trust = (statement: Properties) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
        ...statement,
      },
    ],
  });
const identity = (statement: Properties) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*", ...statement }],
  });
/** `aws:lb/listener:Listener`, from `lb/listener`. */
const token = (type: string) =>
  `aws:${type}:${type.replace(/^.*\/(.)/, (_, first: string) => first.toUpperCase())}`;
const modelOf = (type: string) => models.get(token(type))!;
const urn = (type: string) => `urn:pulumi:test::chatpop::${token(type)}::it`;
const vpcId = "vpc-00000001";
const subnets = ["subnet-0000000a", "subnet-0000000b"];
const withoutGateway = (world: World) => {
  world.resources.splice(
    0,
    Infinity,
    ...world.resources.filter(({ type }) => !type.includes("internetGateway")),
  );
};

/** AWS's verdict on one resource: refused with these words, or accepted. */
type Verdict = readonly [type: string, name: string, make: (world: World) => Properties, refused?: RegExp];

const group = (rules: Properties, direction = "ingress") => ({
  name: "web",
  vpcId: "vpc-00000001",
  [direction]: [{ cidrBlocks: ["10.0.0.0/8"], fromPort: 80, toPort: 80, protocol: "tcp", ...rules }],
});
const balancer = { name: "lb", subnets, securityGroups: ["sg-00000001"] };
const listener = (world: World, defaultActions: Properties[]) => ({
  loadBalancerArn: world.create("lb/loadBalancer", balancer).id,
  port: 80,
  protocol: "HTTP",
  defaultActions,
});
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const fixed = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } };
const forward = (world: World) => ({
  type: "forward",
  targetGroupArn: world.create("lb/targetGroup", { name: "web", port: 80, protocol: "HTTP", vpcId }).id,
});
const record = {
  zoneId: "Z0EXAMPLE0EMBEDDED0",
  name: "chat.example.com",
  type: "A",
  ttl: 60,
  records: ["203.0.113.7"],
};
const cname = { ...record, type: "CNAME", records: ["lb.example.net"] };
const cache = {
  replicationGroupId: "chat",
  description: "chat",
  nodeType: "cache.t3.micro",
  numCacheClusters: 1,
};
const pattern = (eventPattern: object) => ({ name: "rule", eventPattern: JSON.stringify(eventPattern) });
const filter = (world: World, text: string, logGroupClass?: string) => {
  world.create("cloudwatch/logGroup", { name: "/ecs/web", ...(logGroupClass && { logGroupClass }) });
  return {
    ...{ name: "errors", logGroupName: "/ecs/web", pattern: text },
    metricTransformation: { name: "errors", namespace: "chat", value: "1" },
  };
};
const fargate =
  (change: Properties, container: Properties = {}) =>
  (world: World) =>
    definition(world, { ...containers({ ...web, ...container }), ...change });
const parameter = (name: string, value: string, applyMethod = "immediate") => ({
  ...{ name: "pg", family: "postgres15" },
  parameters: [{ name, value, applyMethod }],
});

const verdicts: readonly Verdict[] = [
  [
    "iam/role",
    "a service that there is, in a region",
    () => ({
      name: "r",
      assumeRolePolicy: trust({ Principal: { Service: "logs.eu-west-1.amazonaws.com" } }),
    }),
  ],
  [
    "iam/role",
    "a service that is not known",
    () => ({ name: "r", assumeRolePolicy: trust({ Principal: { Service: "ecs-task.amazonaws.com" } }) }),
    /The embedded AWS does not know the service principal ecs-task\.amazonaws\.com/,
  ],
  ["lb/loadBalancer", "internet-facing in a VPC with an internet gateway", () => balancer],
  [
    "lb/loadBalancer",
    "internet-facing without one",
    (world) => (withoutGateway(world), balancer),
    /InvalidSubnet: VPC vpc-00000001 has no internet gateway/,
  ],
  [
    "lb/loadBalancer",
    "internal without one",
    (world) => (withoutGateway(world), { ...balancer, internal: true }),
  ],
  [
    "rds/instance",
    "public without internet gateway",
    (world) => (withoutGateway(world), { ...primary(world), publiclyAccessible: true }),
    /InvalidVPCNetworkStateFault.*no internet gateway/,
  ],
  [
    "rds/instance",
    "public without host names in its VPC",
    (world) => ({ ...primary(world), publiclyAccessible: true }),
    /does not support DNS resolution, DNS hostnames, or both/,
  ],
  [
    "rds/instance",
    "RDS's own parameter group",
    (world) => ({ ...primary(world), engineVersion: "16", parameterGroupName: "default.postgres16" }),
  ],
  [
    "rds/instance",
    "RDS's own parameter group of another family",
    (world) => ({ ...primary(world), parameterGroupName: "default.postgres16" }),
    /can't be used for this instance/,
  ],
  [
    "rds/instance",
    "a parameter group that nobody has made",
    (world) => ({ ...primary(world), parameterGroupName: "mine" }),
    /DBParameterGroupNotFound/,
  ],
  ["lb/listener", "a redirect alone", (world) => listener(world, [redirect])],
  [
    "lb/listener",
    "a redirect and then an answer",
    (world) => listener(world, [redirect, fixed]),
    /exactly one action must be a forward, redirect or fixed-response/,
  ],
  [
    "lb/listener",
    "a redirect and then a forward",
    (world) => listener(world, [redirect, forward(world)]),
    /exactly one action must be a forward, redirect or fixed-response/,
  ],
  ["lb/listener", "a forward alone", (world) => listener(world, [forward(world)])],
  [
    "iam/role",
    "a condition with an operator that IAM has",
    () => ({
      name: "r",
      assumeRolePolicy: trust({ Condition: { StringEquals: { "aws:SourceAccount": "1" } } }),
    }),
  ],
  [
    "iam/role",
    "StringEqual",
    () => ({
      name: "r",
      assumeRolePolicy: trust({ Condition: { StringEqual: { "aws:SourceAccount": "1" } } }),
    }),
    /Invalid Condition type : StringEqual/,
  ],
  [
    "iam/role",
    "a trust policy about objects",
    () => ({ name: "r", assumeRolePolicy: trust({ Action: "s3:GetObject" }) }),
    /may only specify STS AssumeRole actions/,
  ],
  [
    "iam/role",
    "a trust of a role that does not exist",
    () => ({
      name: "r",
      assumeRolePolicy: trust({ Principal: { AWS: "arn:aws:iam::123456789012:role/nobody" } }),
    }),
    /Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role\/nobody"/,
  ],
  [
    "iam/role",
    "a trust of a role that exists",
    (world) => ({
      name: "r",
      assumeRolePolicy: trust({ Principal: { AWS: putRole(world, "there", "lambda.amazonaws.com") } }),
    }),
  ],
  [
    "iam/role",
    "a trust of another account",
    () => ({
      name: "r",
      assumeRolePolicy: trust({ Principal: { AWS: "arn:aws:iam::210987654321:role/there" } }),
    }),
  ],
  [
    "iam/policy",
    "operators for sets, with IfExists",
    () => ({
      name: "p",
      policy: identity({
        Condition: {
          "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": "a*" },
          Null: { "aws:TokenIssueTime": "true" },
        },
      }),
    }),
  ],
  [
    "iam/rolePolicyAttachment",
    "a policy of AWS",
    (world) => (
      putRole(world, "r", "lambda.amazonaws.com"),
      { role: "r", policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess" }
    ),
  ],
  [
    "iam/rolePolicyAttachment",
    "a policy of AWS that is not listed",
    (world) => (
      putRole(world, "r", "lambda.amazonaws.com"),
      { role: "r", policyArn: "arn:aws:iam::aws:policy/AmazonEverything" }
    ),
    /The embedded AWS does not know the policy/,
  ],
  ["ec2/securityGroup", "protocols in any case", () => group({ protocol: "TCP" })],
  ["ec2/securityGroup", "the protocol all", () => group({ protocol: "all", fromPort: 0, toPort: 0 })],
  [
    "ec2/securityGroup",
    "a range that ends before it begins",
    () => group({ fromPort: 90 }),
    /invalid TCP\/UDP port range \(90, 80\)/,
  ],
  ["ec2/securityGroup", "ports on -1", () => group({ protocol: "-1" }), /must both be 0 to use the 'ALL'/],
  [
    "ec2/securityGroup",
    "60 rules",
    () => group({ cidrBlocks: Array.from({ length: 60 }, (_, index) => `10.0.${index}.0/24`) }),
  ],
  [
    "ec2/securityGroup",
    "61 rules",
    () => group({ cidrBlocks: Array.from({ length: 61 }, (_, index) => `10.0.${index}.0/24`) }),
    /RulesPerSecurityGroupLimitExceeded.*60/,
  ],
  ["ec2/vpc", "an ordinary network", () => ({ cidrBlock: "10.0.0.0/16" })],
  ...["127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16", "0.0.0.0/16"].map((cidrBlock): Verdict => [
    "ec2/vpc",
    cidrBlock,
    () => ({ cidrBlock }),
    /InvalidVpc.Range/,
  ]),
  ["route53/record", "a CNAME under the zone", () => cname],
  [
    "route53/record",
    "a CNAME at the apex",
    () => ({ ...cname, name: "example.com" }),
    /is not permitted at apex in zone example\.com/,
  ],
  [
    "route53/record",
    "a CNAME beside an A",
    (world) => (world.create("route53/record", record), cname),
    /conflicts with other records with the same DNS name/,
  ],
  [
    "route53/record",
    "an A beside a CNAME",
    (world) => (world.create("route53/record", cname), record),
    /conflicts with other records/,
  ],
  [
    "route53/record",
    "a TXT beside an A",
    (world) => (world.create("route53/record", record), { ...record, type: "TXT", records: ["x"] }),
  ],
  ["elasticache/replicationGroup", "Redis 7.1", () => ({ ...cache, engineVersion: "7.1" })],
  [
    "elasticache/replicationGroup",
    "Redis 7.2",
    () => ({ ...cache, engineVersion: "7.2" }),
    /Cannot find version 7\.2 for redis/,
  ],
  [
    "elasticache/replicationGroup",
    "Valkey 7.2",
    () => ({ ...cache, engine: "valkey", engineVersion: "7.2" }),
  ],
  [
    "ecs/taskDefinition",
    "a host path",
    fargate({ volumes: [{ name: "v", hostPath: "/data" }] }),
    /do not support host\.sourcePath/,
  ],
  [
    "ecs/taskDefinition",
    "a GPU",
    fargate({}, { resourceRequirements: [{ type: "GPU", value: "1" }] }),
    /GPU resource requirements are not supported/,
  ],
  [
    "ecs/taskDefinition",
    "NET_ADMIN",
    fargate({}, { linuxParameters: { capabilities: { add: ["NET_ADMIN"] } } }),
    /SYS_PTRACE only, not NET_ADMIN/,
  ],
  [
    "ecs/taskDefinition",
    "SYS_PTRACE",
    fargate({}, { linuxParameters: { capabilities: { add: ["SYS_PTRACE"], drop: ["ALL"] } } }),
  ],
  [
    "ecs/taskDefinition",
    "Windows with 256 CPU units",
    fargate(
      { cpu: "256", memory: "512", runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } },
      { cpu: 0, memory: undefined },
    ),
    /Windows has 1024/,
  ],
  [
    "cloudwatch/eventRule",
    "operators that there are",
    () =>
      pattern({
        source: [{ prefix: "aws." }],
        detail: {
          n: [{ numeric: [">", 0, "<=", 5] }],
          s: [{ "anything-but": ["a"] }, { exists: false }],
          $or: [{ a: ["b"] }, { c: [{ suffix: "d" }] }],
        },
      }),
  ],
  [
    "cloudwatch/eventRule",
    "an operator that there is not",
    () => pattern({ source: [{ startsWith: "aws." }] }),
    /Unrecognized match type startsWith/,
  ],
  [
    "cloudwatch/eventRule",
    "a number's operator with text",
    () => pattern({ detail: { n: [{ numeric: [">", "0"] }] } }),
    /numeric does not take/,
  ],
  ["cloudwatch/logMetricFilter", "words", (world) => filter(world, "?ERROR ?Traceback")],
  [
    "cloudwatch/logMetricFilter",
    "fields of JSON",
    (world) => filter(world, '{ ($.level = "error") && ($.n > 3) }'),
  ],
  ["cloudwatch/logMetricFilter", "columns", (world) => filter(world, "[ip, user, status=5*, ...]")],
  [
    "cloudwatch/logMetricFilter",
    "an open brace",
    (world) => filter(world, '{ $.level = "error"'),
    /Invalid metric filter pattern/,
  ],
  [
    "cloudwatch/logMetricFilter",
    "an open bracket",
    (world) => filter(world, "[ip, user"),
    /Invalid metric filter pattern/,
  ],
  [
    "cloudwatch/logMetricFilter",
    "an open quotation mark",
    (world) => filter(world, '"ERROR'),
    /Invalid metric filter pattern/,
  ],
  [
    "cloudwatch/logMetricFilter",
    "a group that is seldom read",
    (world) => filter(world, "ERROR", "INFREQUENT_ACCESS"),
    /not allowed with this log group class/,
  ],
  ["rds/parameterGroup", "pgaudit.log", () => parameter("pgaudit.log", "ddl,role")],
  ["rds/parameterGroup", "auto_explain", () => parameter("auto_explain.log_min_duration", "500")],
  [
    "rds/parameterGroup",
    "a name that is not listed",
    () => parameter("pg_made.up", "1"),
    /The embedded AWS does not know the parameter/,
  ],
];

// AWS takes all of these; who reads the refusal must not go looking for a mistake of the program's.
const limits: readonly (readonly [type: string, argument: string, make: (world: World) => Properties])[] = [
  ["rds/instance", "engine", (world) => ({ ...primary(world), engine: "mysql" })],
  ["rds/instance", "engine", (world) => ({ ...primary(world), engine: "aurora-postgresql" })],
  ["rds/parameterGroup", "family", () => ({ ...parameter("x", "1"), family: "mysql8.0" })],
  ["rds/proxy", "engineFamily", () => ({ name: "proxy", engineFamily: "MYSQL" })],
  [
    "rds/proxyTarget",
    "dbClusterIdentifier",
    () => ({ dbProxyName: "p", targetGroupName: "default", dbClusterIdentifier: "c" }),
  ],
  ["elasticache/parameterGroup", "family", () => ({ name: "m", family: "memcached1.6", parameters: [] })],
  ["lb/loadBalancer", "loadBalancerType", () => ({ ...balancer, loadBalancerType: "network" })],
  ["lb/listener", "protocol", (world) => ({ ...listener(world, [fixed]), protocol: "TLS" })],
  ["lb/targetGroup", "protocol", () => ({ name: "t", port: 80, protocol: "TCP", vpcId: "vpc-00000001" })],
  [
    "ecs/clusterCapacityProviders",
    "capacityProviders[0]",
    () => ({ clusterName: "c", capacityProviders: ["own"] }),
  ],
];

describe("limits of the embedded AWS", () => {
  for (const [type, argument, make] of limits) {
    it(`are said as its own: ${type} ${argument}`, () => {
      const inputs = make(new World());
      const { failures } = check(modelOf(type), urn(type), inputs, {}, Buffer.from("seed"), {});
      const own = failures.filter((failure) => failure.includes(argument));
      expect(own).to.have.lengthOf(1);
      expect(own[0]).to.match(/^The embedded AWS models no /);
    });
  }

  it("are not said of what AWS has not either", () => {
    const inputs = { ...balancer, loadBalancerType: "fast" };
    const { failures } = check(
      modelOf("lb/loadBalancer"),
      urn("lb/loadBalancer"),
      inputs,
      {},
      Buffer.from("seed"),
      {},
    );
    expect(failures[0]).to.match(
      /^expected loadBalancerType to be one of \["application","network","gateway"\]/,
    );
  });
});

describe("verdicts on single resources", () => {
  for (const [type, name, make, refused] of verdicts) {
    it(`${refused ? "refuses" : "accepts"} ${type}: ${name}`, () => {
      const world = new World();
      const attempt = () => world.create(type, make(world));
      if (refused) expect(attempt).to.throw(refused);
      else attempt();
    });
  }

  it("refuses a second policy that tracks the same metric", () => {
    const world = new World();
    world.put("aws:ecs/service:Service", "arn:aws:ecs:us-east-1:123456789012:service/chat/web", {});
    const scaled = {
      resourceId: "service/chat/web",
      scalableDimension: "ecs:service:DesiredCount",
      serviceNamespace: "ecs",
    };
    world.create("appautoscaling/target", { ...scaled, minCapacity: 1, maxCapacity: 4 });
    const policy = (name: string, predefinedMetricType: string, targetValue: number) => ({
      ...{ ...scaled, name, policyType: "TargetTrackingScaling" },
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType },
        targetValue,
      },
    });
    world.create("appautoscaling/policy", policy("cpu", "ECSServiceAverageCPUUtilization", 60));
    world.create("appautoscaling/policy", policy("memory", "ECSServiceAverageMemoryUtilization", 60));
    expect(() =>
      world.create("appautoscaling/policy", policy("cpu-again", "ECSServiceAverageCPUUtilization", 70)),
    ).to.throw(/Only one TargetTrackingScaling policy for a given metric specification is allowed: cpu/);
  });

  it("takes replicas along to a new major version", () => {
    const world = new World();
    const source = world.create("rds/instance", primary(world));
    world.create("rds/instance", {
      ...{ identifier: "copy", replicateSourceDb: source.outputs.identifier, instanceClass: "db.t3.small" },
      skipFinalSnapshot: true,
    });
    world.update(source, {
      engineVersion: "16",
      allowMajorVersionUpgrade: true,
      parameterGroupName: "chatpop-pg16",
    });
    const replica = world.resources.find(({ outputs }) => outputs.identifier === "copy")!;
    expect(replica.outputs.engineVersionActual).to.match(/^16\./);
  });
});
