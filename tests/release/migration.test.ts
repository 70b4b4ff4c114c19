import { expect } from "chai";
import { migrate, type MigrationEvent } from "../../release/migration";
import { AwsServer, failure } from "./awsServer";

const taskArn = "arn:aws:ecs:us-east-1:123456789012:task/chatpop-cluster/0123456789abcdef";
const event: MigrationEvent = {
  cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/chatpop-cluster",
  taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-test:7",
  container: "chatpop-backend",
  command: ["python", "manage.py", "migrate", "--noinput"],
  session: "-c lock_timeout=2s",
  subnets: ["subnet-1", "subnet-2"],
  securityGroups: ["sg-1"],
  assignPublicIp: false,
  databaseHost: "instance.example",
  logGroup: "/ecs/chatpop-backend",
};

const plenty = { getRemainingTimeInMillis: () => 900_000 };
const none = { getRemainingTimeInMillis: () => 0 };
const nobody = { taskArns: [] };
const started = { tasks: [{ taskArn }], failures: [] };
const described = (task: object) => ({ tasks: [{ taskArn, ...task }] });
const stopped = (container: object, task: object = {}) =>
  described({ lastStatus: "STOPPED", containers: [{ name: "chatpop-backend", ...container }], ...task });

describe("the migration task", () => {
  const aws = new AwsServer();
  before(() => aws.start());
  after(() => aws.stop());
  const actions = () => aws.calls.map(({ action }) => action);

  it("runs the command once, on the new revision, at the instance (G-46, GAP-4)", async () => {
    aws.answer({ ListTasks: [nobody], RunTask: [started], DescribeTasks: [stopped({ exitCode: 0 })] });
    expect(await migrate(event, plenty, undefined)).to.deep.equal({ state: "succeeded", taskArn });
    expect(actions()).to.deep.equal(["ListTasks", "RunTask", "DescribeTasks"]);
    expect(aws.calls[1]!.input).to.deep.include({
      cluster: event.cluster,
      taskDefinition: event.taskDefinition,
      count: 1,
      overrides: {
        containerOverrides: [
          {
            name: "chatpop-backend",
            command: ["python", "manage.py", "migrate", "--noinput"],
            environment: [
              { name: "POSTGRES_HOST", value: "instance.example" },
              { name: "PGOPTIONS", value: "-c lock_timeout=2s" },
            ],
          },
        ],
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ["subnet-1", "subnet-2"],
          securityGroups: ["sg-1"],
          assignPublicIp: "DISABLED",
        },
      },
    });
  });

  it("looks again while the task runs", async () => {
    aws.answer({
      ListTasks: [nobody],
      RunTask: [started],
      DescribeTasks: [described({ lastStatus: "RUNNING" }), stopped({ exitCode: 0 })],
    });
    expect(await migrate(event, plenty, undefined)).to.deep.equal({ state: "succeeded", taskArn });
  });

  it("hands a task over that outlives the invocation", async () => {
    aws.answer({
      ListTasks: [nobody],
      RunTask: [started],
      DescribeTasks: [described({ lastStatus: "RUNNING" })],
    });
    expect(await migrate(event, none, undefined)).to.deep.equal({ state: "running", taskArn });
  });

  it("goes on waiting for the task of the round before and starts no second one", async () => {
    aws.answer({ DescribeTasks: [stopped({ exitCode: 0 })] });
    const result = await migrate(event, plenty, { state: "running", taskArn });
    expect(result).to.deep.equal({ state: "succeeded", taskArn });
    expect(actions()).to.deep.equal(["DescribeTasks"]);
  });

  it("waits for the task of an update that was cut off instead of starting a second one (GAP-43)", async () => {
    const unfinished = { lastStatus: "RUNNING", taskDefinitionArn: event.taskDefinition };
    aws.answer({
      ListTasks: [{ taskArns: [taskArn] }],
      DescribeTasks: [described(unfinished), stopped({ exitCode: 0 })],
    });
    expect(await migrate(event, plenty, undefined)).to.deep.equal({ state: "succeeded", taskArn });
    expect(actions()).to.not.include("RunTask");
    expect(aws.calls[0]!.input).to.include({ cluster: event.cluster, startedBy: "chatpop-release" });
  });

  it("starts none beside another revision's that is still running", async () => {
    const other = event.taskDefinition.replace(":7", ":6");
    aws.answer({
      ListTasks: [{ taskArns: [taskArn] }],
      DescribeTasks: [described({ lastStatus: "RUNNING", taskDefinitionArn: other })],
    });
    expect(await failure(migrate(event, plenty, undefined)))
      .to.contain(`Another migration is still running: task ${taskArn} of ${other}`)
      .and.to.contain("pulumi up");
    expect(actions()).to.not.include("RunTask");
  });

  it("is patient with an ECS that does not know its new task yet", async () => {
    aws.answer({
      ListTasks: [nobody],
      RunTask: [started],
      DescribeTasks: [{ tasks: [] }, stopped({ exitCode: 0 })],
    });
    expect(await migrate(event, plenty, undefined)).to.deep.equal({ state: "succeeded", taskArn });
  });

  it("fails with exit code and last log lines", async () => {
    aws.answer({
      ListTasks: [nobody],
      RunTask: [started],
      DescribeTasks: [stopped({ exitCode: 1 })],
      GetLogEvents: [{ events: [{ message: "Traceback" }, { message: "OperationalError: no" }] }],
    });
    expect(await failure(migrate(event, plenty, undefined))).to.equal(
      "The migration (python manage.py migrate --noinput) ended with exit code 1\n  Traceback\n  OperationalError: no",
    );
    expect(aws.calls.at(-1)!.input).to.include({
      logGroupName: "/ecs/chatpop-backend",
      logStreamName: "ecs/chatpop-backend/0123456789abcdef",
    });
  });

  it("says why a task never ran, log or no log", async () => {
    aws.answer({
      ListTasks: [nobody],
      RunTask: [started],
      DescribeTasks: [stopped({ reason: "CannotPullContainerError: not found" })],
    });
    expect(await failure(migrate(event, plenty, undefined)))
      .to.contain("never ran: CannotPullContainerError: not found")
      .and.to.contain("no log: not there");
  });

  it("says why ECS did not start a task", async () => {
    aws.answer({
      ListTasks: [nobody],
      RunTask: [{ tasks: [], failures: [{ reason: "RESOURCE:ENI", detail: "no addresses" }] }],
    });
    expect(await failure(migrate(event, plenty, undefined))).to.equal(
      "ECS did not start the migration: RESOURCE:ENI: no addresses",
    );
  });

  it("does not take a forgotten task for a finished one", async () => {
    aws.answer({ DescribeTasks: [{ tasks: [] }] });
    expect(await failure(migrate(event, plenty, { state: "running", taskArn })))
      .to.contain(taskArn)
      .and.to.contain("/ecs/chatpop-backend");
  });
});
