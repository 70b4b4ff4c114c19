import { types } from "../../aws/types";
import type { Wire } from "../recording/wire";
import type { Foreign, ForeignCase } from "./foreignCases";
import { document } from "./document";

type Fields = Readonly<Record<string, Wire>>;

const task = (container: Fields, more: Fields = {}): Foreign => [
  types.taskDefinition,
  "web",
  {
    containerDefinitions: JSON.stringify([
      {
        name: "web",
        image: "nginx:1.29",
        portMappings: [{ containerPort: 80 }],
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "web" } },
        ...container,
      },
    ]),
    ...more,
  },
];
const service = (target: Fields, properties: Fields): readonly Foreign[] => [
  [types.targetGroup, "web", target],
  [
    types.service,
    "web",
    { desiredCount: 2, loadBalancers: [{ containerName: "web" }], ...properties },
    { loadBalancers: [`${types.targetGroup} web`], taskDefinition: [`${types.taskDefinition} web`] },
  ],
];
const fargate = {
  launchType: "FARGATE",
  networkConfiguration: { subnets: ["subnet-1", "subnet-2"], assignPublicIp: true },
};
const variables = (values: Readonly<Record<string, string>>) =>
  task({ environment: Object.entries(values).map(([name, value]) => ({ name, value })) });
const guarded = { vpcSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"], publiclyAccessible: false };
const calls = { alarmActions: ["arn:aws:sns:us-east-1:111122223333:calls"] };
const alarm = (properties: Fields): Foreign => [
  types.alarm,
  "calls",
  { comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 2, period: 120, ...calls, ...properties },
];
const group = (...ingress: readonly Fields[]): Foreign => [types.securityGroup, "web", { ingress }];
const open = (protocol: string, port: number) => ({
  ...{ protocol, fromPort: port, toPort: port, cidrBlocks: ["0.0.0.0/0"] },
});
const policy = (text: string): Foreign => [types.policy, "job", { policy: text }];
const trusts = (Federated: string, Condition?: object): Foreign => [
  types.role,
  "job",
  {
    assumeRolePolicy: document({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated },
      ...(Condition && { Condition }),
    }),
  },
];
const provider = (host: string) => `arn:aws:iam::111122223333:oidc-provider/${host}`;
const cluster = "oidc.eks.us-east-1.amazonaws.com/id/ABC";

/** A bucket that is closed to everybody but whom a policy names. */
const bucket = (statement: object): readonly Foreign[] => {
  const of = { bucket: [`${types.bucket} logs`] };
  const closed = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
  const tlsOnly = {
    ...{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" },
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return [
    [types.bucket, "logs", {}],
    [types.bucketPublicAccessBlock, "logs", Object.fromEntries(closed.map((each) => [each, true])), of],
    [types.bucketPolicy, "logs", { policy: document(statement, tlsOnly) }, of],
  ];
};

const expires = (selection: Fields): readonly Foreign[] => [
  [
    types.repository,
    "web",
    { imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } },
  ],
  [
    types.lifecyclePolicy,
    "web",
    { policy: JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: "expire" } }] }) },
    { repository: [`${types.repository} web`] },
  ],
];

type Example = readonly [what: string, ...resources: readonly Foreign[]];

const right: readonly Example[] = [
  [
    "an internal load balancer before EC2 instances",
    task({}, { networkMode: "bridge" }),
    ...service({ protocol: "HTTP", port: 80, targetType: "instance" }, { launchType: "EC2" }),
    [
      types.loadBalancer,
      "web",
      { internal: true, dropInvalidHeaderFields: true, subnets: ["subnet-1", "subnet-2"] },
    ],
  ],
  [
    "TCP behind a network load balancer in one zone",
    task({}),
    ...service({ protocol: "TCP", port: 5000, targetType: "ip", healthCheck: { protocol: "TCP" } }, fargate),
    [types.loadBalancer, "web", { loadBalancerType: "network", subnets: ["subnet-1"] }],
  ],
  [
    "deployments by CodeDeploy",
    task({}),
    ...service(
      { protocol: "HTTP", targetType: "ip" },
      { ...fargate, deploymentController: { type: "CODE_DEPLOY" } },
    ),
  ],
  [
    "a bucket that Elastic Load Balancing writes logs into from its own account",
    ...bucket({
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::127311923021:root" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::logs/*",
    }),
  ],
  [
    "nothing without a second factor",
    policy(
      document({
        Effect: "Deny",
        NotAction: ["iam:ListMFADevices", "sts:GetSessionToken"],
        Resource: "*",
        Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      }),
    ),
  ],
  [
    "a folder for each user",
    policy(
      document({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::home/${aws:username}/*" }),
    ),
  ],
  [
    "instances with a tag, by EC2's own key",
    policy(
      document({
        Effect: "Allow",
        Action: ["ec2:StartInstances", "ec2:TerminateInstances"],
        Resource: "*",
        Condition: { StringEquals: { "ec2:ResourceTag/team": "shop" } },
      }),
    ),
  ],
  [
    "a queue that buckets of a name write into",
    [
      types.queuePolicy,
      "in",
      {
        policy: document({
          Effect: "Allow",
          Principal: "*",
          Action: "sqs:SendMessage",
          Resource: "*",
          Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:*:*:uploads" } },
        }),
      },
    ],
  ],
  [
    "an API that invokes a function, and a function's address for IAM",
    [
      types.functionPermission,
      "api",
      {
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:us-east-1:111122223333:abc/*/*",
      },
    ],
    [types.functionUrl, "url", { authorizationType: "AWS_IAM" }],
  ],
  [
    "roles for one service account of a cluster and for one branch",
    trusts(provider(cluster), { StringEquals: { [`${cluster}:sub`]: "system:serviceaccount:shop:web" } }),
  ],
  [
    "values that anybody may see, by names that do not sound so",
    variables({
      NEXT_PUBLIC_STRIPE_KEY: "pk_live_51abcdefabcdef",
      SENTRY_DSN: "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/1",
      DB_PASSWORD_FILE: "/run/secrets/db",
      TOKENIZERS_PARALLELISM: "false",
      MAX_TOKENS: "4096",
      PASSWORD_MIN_LENGTH: "12",
      AUTH_TOKEN_HEADER: "x-auth-token",
      SSH_PUBLIC_KEY: "ssh-ed25519 AAAAC3Nza",
      JAVA_OPTS: "-Xmx512m -Dtoken.file=/run/token",
      FEATURES: "mode=fast token_ttl=3600",
    }),
  ],
  [
    "commands that take passwords from variables",
    task({
      command: [
        "sh",
        "-c",
        'redis-cli -a "$REDIS_PASSWORD" ping; mysql -u app -p"$PASS"; curl -u "$NAME:$PASS" http://x; docker run -p 80:80 x',
      ],
    }),
  ],
  [
    "a database from a snapshot, which says whether it is encrypted",
    [types.database, "shop", { ...guarded, snapshotIdentifier: "nightly", backupRetentionPeriod: 7 }],
  ],
  ["a read replica", [types.database, "replica", { ...guarded, replicateSourceDb: "shop" }]],
  ["Memcached", [types.cacheCluster, "sessions", { engine: "memcached", numCacheNodes: 2 }]],
  [
    "images of previews that go by age",
    ...expires({
      ...{ tagStatus: "tagged", tagPrefixList: ["pr-"], countType: "sinceImagePushed", countNumber: 14 },
    }),
  ],
  [
    "a band of what is usual",
    alarm({
      comparisonOperator: "GreaterThanUpperThreshold",
      thresholdMetricId: "e1",
      metricQueries: [
        { id: "e1", expression: "ANOMALY_DETECTION_BAND(m1)", returnData: true },
        {
          id: "m1",
          metric: {
            ...{ metricName: "RequestCount", namespace: "AWS/ApplicationELB", period: 60, stat: "Sum" },
            dimensions: { LoadBalancer: "app/shop/50dc6c495c0c9188" },
          },
        },
      ],
    }),
  ],
  [
    "more instances when they are busy",
    alarm({
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      statistic: "Average",
      threshold: 70,
      dimensions: { AutoScalingGroupName: "web" },
    }),
  ],
  ["a server for ping, mail and names", group(open("icmp", 8), open("tcp", 25), open("udp", 53))],
  [
    "images with versions, of public registries",
    task({ image: "public.ecr.aws/docker/library/redis:7.4-alpine" }),
  ],
];

const wrong: readonly (readonly [
  what: string,
  fires: readonly string[],
  ...resources: readonly Foreign[],
])[] = [
  [
    "all but a few actions",
    ["no-wildcard-permissions"],
    policy(document({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
  ],
  [
    "one statement without a list, in odd letters",
    ["no-wildcard-permissions"],
    policy(
      JSON.stringify({
        Statement: { Effect: "Allow", Action: "S3:getobject", Resource: "arn:aws:s3:::*/*" },
      }),
    ),
  ],
  ["every service account of a cluster", ["role-trust-named"], trusts(provider(cluster))],
  [
    "App Runner with a password",
    ["no-secret-in-environment"],
    [
      types.appService,
      "web",
      {
        sourceConfiguration: {
          imageRepository: {
            imageConfiguration: { runtimeEnvironmentVariables: { DB_PASSWORD: "hunter2-hunter2" } },
          },
        },
      },
    ],
  ],
  [
    "a job of AWS Batch with a password",
    ["no-secret-in-environment"],
    [
      types.jobDefinition,
      "job",
      { containerProperties: JSON.stringify({ environment: [{ name: "DB_PASSWORD", value: "hunter2-2" }] }) },
    ],
  ],
  [
    "instances that are told a password when they start",
    ["no-secret-in-environment"],
    [types.launchConfiguration, "web", { userData: "#!/bin/sh\nexport DB_PASSWORD=hunter2-hunter2\n" }],
  ],
  [
    "a build that exports a token",
    ["no-secret-in-environment"],
    [
      types.buildProject,
      "web",
      {
        source: {
          buildspec: "phases:\n  build:\n    commands:\n      - export NPM_TOKEN=abcdef1234567890\n",
        },
      },
    ],
  ],
  [
    "a web app of Amplify with a secret",
    ["no-secret-in-environment"],
    [types.webApp, "web", { environmentVariables: { API_SECRET: "9f8e7d6c5b4a3f" } }],
  ],
  [
    "Elastic Beanstalk with a password",
    ["no-secret-in-environment"],
    [types.beanstalk, "web", { settings: [{ name: "DB_PASSWORD", value: "hunter2-hunter2" }] }],
  ],
  [
    "a container with its host's socket",
    ["containers-confined"],
    task({}, { volumes: [{ name: "docker", hostPath: "/var/run/docker.sock" }] }),
  ],
  ["a container among its host's processes", ["containers-confined"], task({}, { pidMode: "host" })],
  [
    "a cluster of databases in plain text",
    ["database-encrypted"],
    [types.databaseCluster, "shop", { engine: "aurora-postgresql", storageEncrypted: false }],
  ],
  [
    "a default group that lets everything in",
    ["internet-ingress"],
    [types.defaultSecurityGroup, "default", { ingress: [{ ...open("-1", 0) }] }],
  ],
  ["a document database for everybody", ["internet-ingress"], group(open("tcp", 27017))],
  ["an image by its major version", ["image-by-version"], task({ image: "node:20" })],
  [
    "an image without a tag, of a registry with a port",
    ["image-by-version"],
    task({ image: "registry.example.com:5000/web" }),
  ],
  [
    "releases that go by age",
    ["images-stay-for-rollback"],
    ...expires({ tagStatus: "tagged", tagPrefixList: ["v"], countType: "sinceImagePushed", countNumber: 14 }),
  ],
];

/** What public examples of Pulumi and AWS have in their programs. */
export const examples: readonly ForeignCase[] = [
  ...right.map(([what, ...resources]) => ({ what, resources, fires: [] })),
  ...wrong.map(([what, fires, ...resources]) => ({ what, resources, fires })),
];
