import { expect } from "chai";
import type { Properties } from "../../models/model";
import { awslogs, containers, definition, prefix, web } from "./task";
import { putRole, refuses, World } from "./world";

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
    ["an unknown provider", { capacityProviders: ["SPOT"] }, /models no capacity provider SPOT/],
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

  it("does not start when the boundary of a role lacks what its policies allow", () => {
    const world = new World();
    const inputs = prepare(world);
    const role = world.context.account.find("aws:iam/role:Role", "name", "execution")!;
    const arn = "arn:aws:iam::123456789012:policy/boundary";
    const boundary = world.put("aws:iam/policy:Policy", arn, { arn });
    Object.assign(role.inputs, { permissionsBoundary: arn });
    const allowOnly = (...actions: string[]) =>
      Object.assign(boundary.inputs, {
        policy: JSON.stringify({ Statement: { Effect: "Allow", Action: actions, Resource: "*" } }),
      });
    allowOnly("ecr:*", "logs:*");
    expect(() => world.create("ecs/service", inputs)).to.throw(/GetSecretValue/);
    allowOnly("ecr:*", "logs:*", "secretsmanager:GetSecretValue");
    world.create("ecs/service", inputs);
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
