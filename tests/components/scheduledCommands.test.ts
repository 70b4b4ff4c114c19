import { expect } from "chai";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

interface Target {
  readonly input: string;
  readonly retryPolicy: { readonly maximumEventAgeInSeconds: number };
  readonly ecsParameters: Readonly<Record<string, unknown>>;
}

const cleanUp = "chatpop-schedule-cleanup-expired-photos";

describe("scheduled commands", () => {
  it("clean up expired photos every night, at every scale", () =>
    everywhere((recording) => {
      const { inputs } = recording.one(types.schedule, cleanUp);
      expect(inputs).to.deep.include({
        scheduleExpression: "cron(30 4 * * ? *)",
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
      });
      expect(recording.ofType(types.schedule)).to.have.length(1);
    }));

  it("run as a task of the chat's own revision in its cluster, with another command", async () => {
    const recording = await record("medium", "update");
    const schedule = recording.one(types.schedule, cleanUp);
    const target = schedule.inputs["target"] as Target;
    expect(JSON.parse(target.input)).to.deep.equal({
      containerOverrides: [
        { name: "chatpop-backend", command: ["python", "manage.py", "cleanup_expired_photos"] },
      ],
    });
    expect(target.ecsParameters["taskDefinitionArn"]).to.equal(
      recording.one(types.taskDefinition, "chatpop-backend").wireOutputs["arn"],
    );
    expect(recording.namesOf(schedule, "target")).to.include.members(["chatpop-cluster", "chatpop-backend"]);
  });

  it("stand where the chat's tasks stand: on Spot in private subnets, On-Demand where they have public addresses (G-175)", () =>
    everywhere((recording, scale) => {
      const schedule = recording.one(types.schedule, cleanUp);
      const { ecsParameters } = schedule.inputs["target"] as Target;
      expect(ecsParameters["networkConfiguration"]).to.deep.equal(
        recording.one(types.service, "chatpop-backend-service").inputs["networkConfiguration"],
      );
      expect(ecsParameters["launchType"]).to.equal(scale === "small" ? "FARGATE" : undefined);
      expect(ecsParameters["capacityProviderStrategies"]).to.deep.equal(
        scale === "small" ? undefined : [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
      );
    }));

  it("stand in a group of their own, by which EventBridge Scheduler counts what it gave up", async () => {
    const recording = await record("medium", "update");
    const schedule = recording.one(types.schedule, cleanUp);
    expect(recording.namesOf(schedule, "groupName", types.scheduleGroup)).to.deep.equal(["chatpop"]);
    const alarm = recording.one(types.alarm, "chatpop-test-command-not-started");
    expect(alarm.inputs).to.deep.include({
      namespace: "AWS/Scheduler",
      metricName: "InvocationDroppedCount",
      dimensions: { ScheduleGroup: schedule.inputs["groupName"] },
    });
  });

  it("use a new revision only once the service was seen to run it", () =>
    everywhere((recording) => {
      expect(recording.one(types.schedule, cleanUp).dependencies).to.include.members([
        recording.one(types.invocation, "chatpop-check-deployment").urn,
        recording.one(types.rolePolicy, "chatpop-scheduler").urn,
      ]);
    }));

  it("may run tasks of this family in this cluster, hand on their two roles, and nothing else", async () => {
    const recording = await record("medium", "update");
    const trust = JSON.parse(
      recording.one(types.role, "chatpop-scheduler").inputs["assumeRolePolicy"] as string,
    ) as { Statement: unknown[] };
    expect(trust.Statement).to.deep.equal([
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "scheduler.amazonaws.com" } },
    ]);
    const { policy } = recording.one(types.rolePolicy, "chatpop-scheduler").inputs;
    const { Statement } = JSON.parse(policy as string) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    expect(Statement.map(({ Action }) => Action)).to.deep.equal([
      ["ecs:RunTask"],
      ["iam:PassRole"],
      ["ecs:TagResource"],
    ]);
    expect(Statement[0]!.Resource).to.deep.equal([
      "arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-test:*",
    ]);
    expect(Statement[0]).to.have.nested.property("Condition.ArnEquals.ecs:cluster");
    expect(Statement[1]!.Resource).to.have.length(2);
    expect(Statement[1]).to.have.nested.property("Condition.StringEquals.iam:PassedToService");
    expect(Statement[2]).to.deep.include({
      Resource: ["arn:aws:ecs:us-east-1:123456789012:task/chatpop-cluster-1a2b3c4/*"],
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    });
  });

  it("leave nothing behind when there is none", async () => {
    const recording = await record("medium", "update", { scheduledCommands: "{}" });
    expect([...recording.ofType(types.schedule), ...recording.ofType(types.scheduleGroup)]).to.be.empty;
    expect(recording.ofType(types.role).map(({ name }) => name)).not.to.include("chatpop-scheduler");
  });
});
