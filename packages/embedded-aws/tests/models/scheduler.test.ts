import { expect } from "chai";
import type { Properties } from "../../models/model";
import { definition } from "./task";
import { putRole, refuses, World } from "./world";

/** A schedule of a task that may start, with the change in its ECS parameters. */
function prepare(world: World, parameters: Properties = {}, target: Properties = {}): Properties {
  const cluster = world.create("ecs/cluster", { name: "chatpop" });
  world.create("ecs/clusterCapacityProviders", {
    clusterName: "chatpop",
    capacityProviders: ["FARGATE_SPOT"],
  });
  return {
    name: "tidy",
    scheduleExpression: "cron(30 4 * * ? *)",
    flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
    target: {
      arn: cluster.outputs.arn,
      roleArn: putRole(world, "scheduler", "scheduler.amazonaws.com", ["ecs:RunTask", "iam:PassRole"]),
      input: JSON.stringify({ containerOverrides: [{ name: "web", command: ["./tidy"] }] }),
      ecsParameters: {
        taskDefinitionArn: world.create("ecs/taskDefinition", definition(world)).outputs.arn,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
        networkConfiguration: { subnets: ["subnet-0000000a"], securityGroups: ["sg-00000001"] },
        ...parameters,
      },
      ...target,
    },
  };
}

const network = { subnets: ["subnet-0000000a"], assignPublicIp: true };

describe("schedule of a task", () => {
  refuses("scheduler/schedule", (world) => prepare(world), [
    ["a Unix cron line", { scheduleExpression: "30 4 * * *" }, /cron\(…\), rate\(…\) or at\(…\)/],
    ["a time zone that does not exist", { scheduleExpressionTimezone: "Entenhausen" }, /no time zone/],
    [
      "a flexible window without its length",
      { flexibleTimeWindow: { mode: "FLEXIBLE" } },
      /goes with the mode/,
    ],
    [
      "a length without a flexible window",
      { flexibleTimeWindow: { mode: "OFF", maximumWindowInMinutes: 5 } },
      /goes with the mode/,
    ],
  ]);

  const targets: [string, (world: World) => Properties, RegExp][] = [
    [
      "a task definition that does not exist",
      (world) =>
        prepare(world, {
          taskDefinitionArn: "arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop:9",
        }),
      /ResourceNotFoundException/,
    ],
    [
      "a cluster that does not exist",
      (world) => prepare(world, {}, { arn: "arn:aws:ecs:us-east-1:123456789012:cluster/none" }),
      /ResourceNotFoundException/,
    ],
    [
      "a subnet that does not exist",
      (world) => prepare(world, { networkConfiguration: { subnets: ["subnet-00000009"] } }),
      /subnet-00000009/,
    ],
    [
      "a role that another service assumes",
      (world) => prepare(world, {}, { roleArn: putRole(world, "ec2", "ec2.amazonaws.com", ["*"]) }),
      /must allow AWS EventBridge Scheduler to assume/,
    ],
    [
      "a role that may not run tasks",
      (world) =>
        prepare(world, {}, { roleArn: putRole(world, "weak", "scheduler.amazonaws.com", ["iam:PassRole"]) }),
      /not authorized to perform: ecs:RunTask/,
    ],
    [
      "a role that may not hand on the task's roles",
      (world) =>
        prepare(world, {}, { roleArn: putRole(world, "weak", "scheduler.amazonaws.com", ["ecs:RunTask"]) }),
      /not authorized to perform: iam:PassRole/,
    ],
    [
      "a role that may not tag the task that it starts",
      (world) => prepare(world, { propagateTags: "TASK_DEFINITION" }),
      /not authorized to perform: ecs:TagResource/,
    ],
    [
      "a capacity provider that is not attached",
      (world) => prepare(world, { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] }),
      /'FARGATE' is not associated/,
    ],
    [
      "a launch type and a strategy",
      (world) => prepare(world, { launchType: "FARGATE" }),
      /must be left out/,
    ],
    [
      "a public address without the launch type FARGATE",
      (world) => prepare(world, { networkConfiguration: network }),
      /only when the launch type is FARGATE/,
    ],
    [
      "an override of a container that is not there",
      (world) => prepare(world, {}, { input: `{"containerOverrides":[{"name":"chat"}]}` }),
      /container named chat is not a container/,
    ],
    [
      "a group that does not exist",
      (world) => ({ ...prepare(world), groupName: "none" }),
      /ResourceNotFoundException.*none/,
    ],
    ["input that is no JSON", (world) => prepare(world, {}, { input: "./tidy" }), /invalid JSON/],
    ["eleven tasks", (world) => prepare(world, { taskCount: 11 }), /taskCount/],
    [
      "retries of a minute's fraction",
      (world) => prepare(world, {}, { retryPolicy: { maximumEventAgeInSeconds: 5 } }),
      /maximumEventAge/,
    ],
  ];
  for (const [name, inputs, answer] of targets) {
    it(`is refused with ${name}`, () => {
      const world = new World();
      expect(() => world.create("scheduler/schedule", inputs(world))).to.throw(answer);
    });
  }

  it("has its name within its group", () => {
    const world = new World();
    const inputs = prepare(world);
    const group = world.create("scheduler/scheduleGroup", { name: "chatpop" });
    world.create("scheduler/schedule", inputs);
    const { outputs } = world.create("scheduler/schedule", { ...inputs, groupName: group.outputs.name });
    expect(outputs.arn).to.equal("arn:aws:scheduler:us-east-1:123456789012:schedule/chatpop/tidy");
    expect(() => world.create("scheduler/scheduleGroup", { name: "chatpop" })).to.throw(/ConflictException/);
  });

  it("may have public addresses on Fargate On-Demand", () => {
    const world = new World();
    const onDemand = { capacityProviderStrategies: undefined, launchType: "FARGATE" };
    world.create("scheduler/schedule", prepare(world, { ...onDemand, networkConfiguration: network }));
  });

  it("has a name of its own, and is judged again when it changes", () => {
    const world = new World();
    const inputs = prepare(world);
    const schedule = world.create("scheduler/schedule", inputs);
    expect(schedule.outputs.arn).to.equal("arn:aws:scheduler:us-east-1:123456789012:schedule/default/tidy");
    expect(() => world.create("scheduler/schedule", inputs)).to.throw(/ConflictException/);
    expect(() => world.update(schedule, { scheduleExpression: "rate(0 days)" })).to.throw(/not of the form/);
    // EventBridge Scheduler takes either unit; only EventBridge rules mind.
    world.update(schedule, { scheduleExpression: "rate(1 days)" });
    const other = putRole(world, "weak", "scheduler.amazonaws.com");
    const target = { ...(inputs.target as Properties), roleArn: other };
    expect(() => world.update(schedule, { target })).to.throw(/not authorized/);
  });
});
