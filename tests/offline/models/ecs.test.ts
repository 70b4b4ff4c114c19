import { expect } from "chai";
import type { Properties } from "../../../offline/models/model";
import { modelOf, putRole, refuses, World } from "./world";

const prefix = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
const awslogs = {
  "awslogs-group": "/ecs/chatpop",
  "awslogs-region": "us-east-1",
  "awslogs-stream-prefix": "web",
};
const web: Properties = {
  ...{
    name: "web",
    image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop:1",
    essential: true,
    stopTimeout: 120,
  },
  portMappings: [{ containerPort: 9000, hostPort: 9000, protocol: "tcp" }],
  environment: [{ name: "REDIS_HOST", value: "redis" }],
  logConfiguration: { logDriver: "awslogs", options: awslogs },
  ulimits: [{ name: "nofile", softLimit: 65535, hardLimit: 65535 }],
  linuxParameters: { initProcessEnabled: true },
};

/** All that a running task needs. The role reads secrets below chatpop/. */
function putWorld(world: World): { roleArn: string; secretArn: string } {
  world.create("cloudwatch/logGroup", { name: "/ecs/chatpop", retentionInDays: 30 });
  world.create("ecr/repository", { name: "chatpop" });
  const secretArn = world.create("secretsmanager/secret", { name: "chatpop/db" }).id;
  world.create("secretsmanager/secretVersion", {
    secretId: secretArn,
    secretString: '{"username":"chatpop","password":"x"}',
  });
  const actions = ["secretsmanager:GetSecretValue", "logs:*", "ecr:*"];
  return { roleArn: putRole(world, "execution", "ecs-tasks.amazonaws.com", actions), secretArn };
}

const containers = (...list: Properties[]) => ({ containerDefinitions: JSON.stringify(list) });

function definition(world: World, change: Properties = {}): Properties {
  const { roleArn, secretArn } = putWorld(world);
  putRole(world, "other", "ec2.amazonaws.com");
  const secrets = [{ name: "POSTGRES_PASSWORD", valueFrom: `${secretArn}:password::` }];
  return {
    ...{
      family: "chatpop",
      cpu: "512",
      memory: "1024",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
    },
    executionRoleArn: roleArn,
    ...containers({ ...web, secrets }),
    ...change,
  };
}

describe("task definition (G-58, G-64 to G-70)", () => {
  const environment = [
    { name: "A", value: "1" },
    { name: "A", value: "2" },
  ];
  refuses("ecs/taskDefinition", (world) => definition(world), [
    [
      "a pair that does not exist",
      { cpu: "256", memory: "4096" },
      /No Fargate configuration exists.*512, 1024, 2048/,
    ],
    ["a step that does not exist", { cpu: "8192", memory: "18432" }, /No Fargate configuration/],
    ["a CPU size that does not exist", { cpu: "500" }, /CPU is one of 256, 512/],
    ["a unit in memory", { memory: "1000 MB" }, /without a unit/],
    ["a unit in CPU", { cpu: "1 vCPU" }, /without a unit/],
    ["no memory", { memory: undefined }, /'memory' be defined at the task level/],
    ["no CPU", { cpu: undefined }, /'cpu' be defined at the task level/],
    ["host network on Fargate", { networkMode: "host" }, /only supports network mode 'awsvpc'/],
    ["no network mode on Fargate", { networkMode: undefined }, /only supports network mode 'awsvpc'/],
    [
      "secrets without an execution role",
      { executionRoleArn: undefined },
      /container secrets, you must also specify/,
    ],
    [
      "logs without an execution role",
      { executionRoleArn: undefined, ...containers(web) },
      /support log driver awslogs/,
    ],
    [
      "an ECR image without an execution role",
      { executionRoleArn: undefined, ...containers({ name: "web", image: String(web.image) }) },
      /support ECR images/,
    ],
    [
      "a role that does not exist",
      { taskRoleArn: "arn:aws:iam::123456789012:role/none" },
      /ClientException.*role\/none/,
    ],
    [
      "a role that ECS may not assume",
      { taskRoleArn: "arn:aws:iam::123456789012:role/other" },
      /must allow ecs-tasks.amazonaws.com/,
    ],
    ["a bare role name", { executionRoleArn: "ecsTaskExecutionRole" }, /is not an ARN/],
    ["text that is no JSON", { containerDefinitions: "[{" }, /it is not JSON/],
    ["an unknown field", containers({ ...web, enviroment: [] }), /web: Unrecognized key: "enviroment"/],
    ["no containers", containers(), /at least one container/],
    ["no essential container", containers({ ...web, essential: false }), /At least one essential container/],
    ["two containers of one name", containers(web, { ...web, portMappings: [] }), /names must be unique/],
    ["two containers on one port", containers(web, { ...web, name: "again" }), /share their ports/],
    [
      "an environment name twice",
      containers({ ...web, environment }),
      /environment variable A must be unique/,
    ],
    [
      "a name both plain and secret",
      containers({ ...web, secrets: [{ name: "REDIS_HOST", valueFrom: prefix }] }),
      /REDIS_HOST must be unique/,
    ],
    [
      "a number in the environment",
      containers({ ...web, environment: [{ name: "PORT", value: 9000 }] }),
      /web\.environment\.0\.value/,
    ],
    ["a stop timeout of 121 s", containers({ ...web, stopTimeout: 121 }), /at most 120/],
    [
      "a soft limit above the hard one",
      containers({ ...web, ulimits: [{ name: "nofile", softLimit: 2, hardLimit: 1 }] }),
      /soft limit 2 is above/,
    ],
    [
      "more open files than AWS allows",
      containers({ ...web, ulimits: [{ name: "nofile", softLimit: 1, hardLimit: 2_000_000 }] }),
      /at most 1048576/,
    ],
    [
      "another ulimit on Fargate",
      containers({ ...web, ulimits: [{ name: "nproc", softLimit: 1, hardLimit: 1 }] }),
      /nofile only, not nproc/,
    ],
    ["a privileged container", containers({ ...web, privileged: true }), /no privileged containers/],
    [
      "awslogs without its region",
      containers({ ...web, logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "a" } } }),
      /needs the option awslogs-region/,
    ],
    [
      "another host port",
      containers({ ...web, portMappings: [{ containerPort: 9000, hostPort: 80 }] }),
      /must match \(80 and 9000\)/,
    ],
    [
      "a volume that is not there",
      containers({ ...web, mountPoints: [{ sourceVolume: "media", containerPath: "/media" }] }),
      /Unknown volume 'media'/,
    ],
    [
      "a dependency that is not there",
      containers({ ...web, dependsOn: [{ containerName: "db", condition: "START" }] }),
      /no container db/,
    ],
    ["more CPU than the task has", containers({ ...web, cpu: 1024 }), /more cpu than the task's 512/],
    ["a blank in the family", { family: "chat pop" }, /family/],
  ]);

  for (const [cpu, memory] of Object.entries({
    256: 512,
    512: 4096,
    1024: 8192,
    2048: 16384,
    4096: 30720,
    8192: 61440,
    16384: 122880,
  })) {
    it(`accepts ${cpu} CPU units with ${memory} MiB`, () => {
      const world = new World();
      world.create("ecs/taskDefinition", definition(world, { cpu, memory: String(memory) }));
    });
  }

  it("counts revisions on, also after all were deregistered", () => {
    const world = new World();
    const inputs = definition(world);
    const first = world.create("ecs/taskDefinition", inputs);
    const second = world.create("ecs/taskDefinition", inputs);
    expect(first.outputs.arn).to.equal("arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop:1");
    expect(second.outputs).to.include({
      revision: 2,
      arnWithoutRevision: "arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop",
    });
    world.remove(second);
    world.remove(first);
    expect(world.create("ecs/taskDefinition", inputs).outputs.revision).to.equal(3);
  });

  it("is the same when only order and defaults differ", () => {
    const same = modelOf("ecs/taskDefinition").suppresses!.containerDefinitions!;
    const environment = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    const one = containers({ ...web, environment });
    expect(
      same(one, containers({ ...web, environment: [...environment].reverse(), cpu: 0, mountPoints: [] })),
    ).to.equal(true);
    expect(same(one, containers({ ...web, environment: environment.slice(1) }))).to.equal(false);
  });
});

describe("cluster and its capacity providers", () => {
  refuses(
    "ecs/cluster",
    () => ({ name: "chatpop", settings: [{ name: "containerInsights", value: "enhanced" }] }),
    [
      ["a blank in the name", { name: "chat pop" }, /cluster's name/],
      ["an unknown setting", { settings: [{ name: "insights", value: "enabled" }] }, /settings/],
    ],
  );
  const accepted = (world: World) => {
    world.create("ecs/cluster", { name: "chatpop" });
    return {
      clusterName: "chatpop",
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1, base: 1 }],
    };
  };
  refuses("ecs/clusterCapacityProviders", accepted, [
    ["a cluster that does not exist", { clusterName: "none" }, /ClusterNotFoundException/],
    ["an unknown provider", { capacityProviders: ["SPOT"] }, /SPOT is not FARGATE/],
    [
      "a strategy over a provider that is not attached",
      { capacityProviders: ["FARGATE_SPOT"] },
      /'FARGATE' is not associated/,
    ],
    [
      "a strategy without weight",
      { defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE" }] },
      /weight above 0/,
    ],
  ]);
});

describe("service (G-71 to G-74)", () => {
  const network = (change: Properties = {}) => ({
    networkConfiguration: {
      subnets: ["subnet-0000000a", "subnet-0000000b"],
      securityGroups: ["sg-00000001"],
      assignPublicIp: false,
      ...change,
    },
  });
  const group = { port: 9000, protocol: "HTTP", targetType: "ip", vpcId: "vpc-00000001" };

  function prepare(world: World, change: Properties = {}): Properties {
    const cluster = world.create("ecs/cluster", { name: "chatpop" });
    world.create("ecs/clusterCapacityProviders", { clusterName: "chatpop", capacityProviders: ["FARGATE"] });
    const targetGroupArn = world.create("lb/targetGroup", { ...group, name: "tg" }).id;
    world.create("lb/targetGroup", { ...group, name: "loose" });
    const balancer = world.create("lb/loadBalancer", {
      name: "lb",
      subnets: ["subnet-0000000a", "subnet-0000000b"],
      securityGroups: ["sg-00000001"],
    });
    world.create("lb/listener", {
      loadBalancerArn: balancer.id,
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", targetGroupArn }],
    });
    return {
      ...{
        name: "web",
        cluster: cluster.id,
        desiredCount: 4,
        launchType: "FARGATE",
        healthCheckGracePeriodSeconds: 120,
      },
      taskDefinition: world.create("ecs/taskDefinition", definition(world, change)).id,
      loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 9000 }],
      deploymentCircuitBreaker: { enable: true, rollback: true },
      ...network(),
    };
  }
  const balanced = (change: Properties) => (world: World) => {
    const inputs = prepare(world);
    return {
      ...inputs,
      loadBalancers: (inputs.loadBalancers as Properties[]).map((each) => ({ ...each, ...change })),
    };
  };
  const spot = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];

  refuses("ecs/service", (world) => prepare(world), [
    ["a cluster that does not exist", { cluster: "none" }, /ClusterNotFoundException/],
    [
      "a task definition that does not exist",
      { taskDefinition: "chatpop:9" },
      /Unable to describe task definition/,
    ],
    [
      "a launch type and a strategy",
      { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] },
      /both a launch type and capacity provider strategy/,
    ],
    [
      "a capacity provider that is not attached",
      { launchType: undefined, capacityProviderStrategies: spot },
      /'FARGATE_SPOT' is not associated/,
    ],
    ["neither", { launchType: undefined }, /No Container Instances/],
    ["a minimum healthy percent of 101", { deploymentMinimumHealthyPercent: 101 }, /at most 100/],
    [
      "a maximum percent of 100 with a minimum of 100",
      { deploymentMaximumPercent: 100 },
      /neither stop nor start/,
    ],
    [
      "rebalancing without room",
      {
        availabilityZoneRebalancing: "ENABLED",
        deploymentMaximumPercent: 100,
        deploymentMinimumHealthyPercent: 50,
      },
      /needs a maximum percent above 100/,
    ],
    ["a grace period without load balancer", { loadBalancers: [] }, /grace period is only valid/],
    ["no network", { networkConfiguration: undefined }, /Network Configuration must be provided/],
    [
      "subnets of two VPCs",
      network({ subnets: ["subnet-0000000a", "subnet-0000000c"] }),
      /must be in one VPC/,
    ],
    ["a security group of another VPC", network({ securityGroups: ["sg-00000002"] }), /not in the same VPC/],
    [
      "a subnet that does not exist",
      network({ subnets: ["subnet-0000dead"] }),
      /InvalidParameterException.*subnet-0000dead/,
    ],
    [
      "more tasks than the account's vCPU quota (GAP-40)",
      { desiredCount: 250 },
      /limit on the number of vCPUs.*125 of 100/,
    ],
    ["more tasks than a service can have (G-133)", { desiredCount: 6000 }, /at most 5000/],
    ["no task definition", { taskDefinition: undefined }, /TaskDefinition can not be blank/],
  ]);

  const wrongTargets: [string, Properties, RegExp][] = [
    [
      "a container that does not exist",
      { containerName: "app" },
      /container app does not exist in the task definition/,
    ],
    ["a port that the container has not", { containerPort: 8000 }, /did not have a container port 8000/],
  ];
  for (const [name, change, answer] of wrongTargets) {
    it(`refuses ${name}`, () => {
      const world = new World();
      const inputs = balanced(change)(world);
      expect(() => world.create("ecs/service", inputs)).to.throw(answer);
    });
  }

  it("refuses a target group without a listener", () => {
    const world = new World();
    const inputs = prepare(world);
    const loose = world.context.account.find("aws:lb/targetGroup:TargetGroup", "name", "loose")!;
    const loadBalancers = [{ targetGroupArn: loose.id, containerName: "web", containerPort: 9000 }];
    expect(() => world.create("ecs/service", { ...inputs, loadBalancers })).to.throw(
      /InvalidParameterException.*does not have an associated load balancer/,
    );
  });

  const secret = (valueFrom: string) => containers({ ...web, secrets: [{ name: "PASSWORD", valueFrom }] });
  const unstartable: [string, (world: World) => Properties, RegExp][] = [
    [
      "a secret's ARN without its suffix (GAP-5)",
      () => secret(`${prefix}chatpop/db`),
      /ResourceInitializationError.*six more characters/,
    ],
    ["a secret that does not exist", () => secret(`${prefix}none-abcdef`), /ResourceNotFoundException/],
    ["a secret's name", () => secret("chatpop/db"), /no secret's ARN/],
    [
      "a secret without a value",
      (world) => secret(world.create("secretsmanager/secret", { name: "empty" }).id),
      /AWSCURRENT/,
    ],
    [
      "a key that the secret has not (GAP-6)",
      (world) =>
        secret(
          `${world.context.account.find("aws:secretsmanager/secret:Secret", "name", "chatpop/db")?.id}:pass::`,
        ),
      /json key pass/,
    ],
    [
      "a role that may not read the secret",
      (world) => ({
        executionRoleArn: putRole(world, "weak", "ecs-tasks.amazonaws.com", ["logs:*", "ecr:*"]),
      }),
      /AccessDeniedException.*GetSecretValue/,
    ],
    [
      "a log group that does not exist (G-69)",
      () =>
        containers({
          ...web,
          logConfiguration: { logDriver: "awslogs", options: { ...awslogs, "awslogs-group": "/none" } },
        }),
      /log group does not exist: \/none/,
    ],
    [
      "a role that may not write logs",
      (world) => ({
        executionRoleArn: putRole(world, "quiet", "ecs-tasks.amazonaws.com", ["secretsmanager:*", "ecr:*"]),
      }),
      /logs:CreateLogStream/,
    ],
    [
      "a repository that does not exist",
      () => containers({ ...web, image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/none:1" }),
      /CannotPullContainerError.*repository does not exist/,
    ],
    [
      "a role that may not pull",
      (world) => ({
        executionRoleArn: putRole(world, "poor", "ecs-tasks.amazonaws.com", ["secretsmanager:*", "logs:*"]),
      }),
      /ecr:GetAuthorizationToken/,
    ],
  ];
  for (const [name, change, answer] of unstartable) {
    it(`refuses to start a task with ${name}`, () => {
      const world = new World();
      const inputs = prepare(world);
      const base = world.context.account.get(
        "aws:ecs/taskDefinition:TaskDefinition",
        String(inputs.taskDefinition),
      )!;
      const taskDefinition = world.create("ecs/taskDefinition", { ...base.inputs, ...change(world) }).id;
      expect(() => world.create("ecs/service", { ...inputs, taskDefinition })).to.throw(answer);
      world.create("ecs/service", { ...inputs, taskDefinition, desiredCount: 0 });
    });
  }

  it("starts with the managed execution policy and a policy of its own", () => {
    const world = new World();
    const inputs = prepare(world);
    const roleArn = putRole(world, "usual", "ecs-tasks.amazonaws.com");
    world.put("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
      role: "usual",
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    });
    const base = world.context.account.get(
      "aws:ecs/taskDefinition:TaskDefinition",
      String(inputs.taskDefinition),
    )!;
    const taskDefinition = world.create("ecs/taskDefinition", {
      ...base.inputs,
      executionRoleArn: roleArn,
    }).id;
    expect(() => world.create("ecs/service", { ...inputs, taskDefinition })).to.throw(/GetSecretValue/);
    const statement = { Effect: "Allow", Action: "secretsmanager:Get*", Resource: [`${prefix}chatpop/*`] };
    world.put("aws:iam/rolePolicy:RolePolicy", "b", {
      role: "usual",
      policy: JSON.stringify({ Statement: statement }),
    });
    world.create("ecs/service", { ...inputs, taskDefinition });
    world.put("aws:iam/rolePolicy:RolePolicy", "c", {
      role: "usual",
      policy: JSON.stringify({ Statement: { ...statement, Effect: "Deny" } }),
    });
    expect(() => world.create("ecs/service", { ...inputs, name: "second", taskDefinition })).to.throw(
      /GetSecretValue/,
    );
  });

  it("keeps its cluster, takes its name once, and changes strategy only with a new deployment", () => {
    const world = new World();
    const inputs = prepare(world);
    const created = world.create("ecs/service", inputs);
    expect(created.outputs.arn).to.equal("arn:aws:ecs:us-east-1:123456789012:service/chatpop/web");
    expect(() => world.create("ecs/service", inputs)).to.throw(/already exists/);
    expect(() =>
      world.remove(world.context.account.find("aws:ecs/cluster:Cluster", "name", "chatpop")!),
    ).to.throw(/ClusterContainsServicesException/);
    const strategy = {
      launchType: undefined,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
    };
    expect(() => world.update(created, strategy)).to.throw(/forceNewDeployment/);
    world.update(created, { ...strategy, forceNewDeployment: true });
  });
});
