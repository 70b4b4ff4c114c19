import { expect } from "chai";
import { containers, definition, prefix, web } from "./task";
import { modelOf, refuses, World } from "./world";

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
