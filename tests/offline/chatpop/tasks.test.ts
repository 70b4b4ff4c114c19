import { expect } from "chai";
import { join } from "node:path";
import { variable } from "../../../packages/embedded-aws/api/container";
import type { Created } from "../../../packages/embedded-aws/tests/provider/harness";
import {
  callsAws,
  makeApplication,
  type Application,
} from "../../../packages/embedded-aws/tests/lambda/application";
import { openAccount, password, type Account } from "../../../packages/embedded-aws/tests/lambda/cloud";
import { asksDatabase, filesHolding, serversOf } from "../../../packages/embedded-aws/tests/lambda/evidence";

interface Task {
  readonly taskArn: string;
  readonly lastStatus: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly { readonly exitCode?: number }[];
}
const migrate = ["python", "manage.py", "migrate", "--noinput"];

describe("a one-off task", () => {
  let account: Account;
  let application: Application;
  let caller: Created;
  const fault = { type: "aws:ecs/task:Task", operation: "run" };
  const call = async <Answer>(service: string, command: string, input: unknown): Promise<Answer> =>
    (await account.invoke(caller, { service, command, input })) as Answer;
  const start = async (...request: Parameters<Application["request"]>) =>
    (await call<{ tasks: Task[] }>("ecs", "RunTask", application.request(...request))).tasks[0] as Task;
  const look = async ({ taskArn }: Task) =>
    (
      await call<{ tasks: Task[] }>("ecs", "DescribeTasks", {
        cluster: application.cluster.id,
        tasks: [taskArn],
      })
    ).tasks[0] as Task;
  /** Runs a command to its end: how it ended, and what it said. */
  const run = async (...request: Parameters<Application["request"]>) => {
    const task = await look(await start(...request));
    const { events = [] } = await call<{ events?: { message: string }[] }>("logs", "GetLogEvents", {
      logGroupName: application.logGroup.id,
      logStreamName: `ecs/backend/${task.taskArn.split("/").at(-1)}`,
    });
    return { ...task, exitCode: task.containers[0]?.exitCode, lines: events.map(({ message }) => message) };
  };

  before(async () => {
    process.env[variable] = join(__dirname, "..", "..", "..", "offline", "chatpop", "manage.ts");
    account = await openAccount({
      policy: { Action: ["ecs:*", "iam:PassRole", "secretsmanager:GetSecretValue"] },
      faults: [
        {
          ...fault,
          name: "failing",
          error: 'django.db.utils.ProgrammingError: column "room" does not exist',
        },
        { ...fault, name: "slow", polls: 2 },
      ],
    });
    application = await makeApplication(account);
    caller = await account.fn("calls", callsAws);
  });
  after(async () => {
    delete process.env[variable];
    await account.close();
  });

  it("migrates an empty database, and has nothing to do the second time", async () => {
    const definition = await application.define("backend");
    const first = await run(definition, migrate);
    expect(first).to.include({
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      exitCode: 0,
    });
    expect(first.lines).to.deep.equal([
      "Operations to perform:",
      "  Apply all migrations: chatpop_aws, chats",
      "Running migrations:",
      "  Applying chatpop_aws.0001_initial... OK",
      "  Applying chats.0001_initial... OK",
    ]);
    expect((await run(definition, migrate)).lines.at(-1)).to.equal("  No migrations to apply.");
    const reader = await account.fn("reads", asksDatabase, { group: account.allowedGroup });
    const tables = await account.invoke(reader, {
      ...{ host: account.host, port: 5432, database: "chatpop", user: "chatpop", password },
      sql: "SELECT count(*)::int AS count FROM pg_tables WHERE tablename LIKE 'chats_%'",
    });
    expect(tables).to.deep.equal([{ count: 4 }]);
    expect(serversOf(account.cloud.home)).to.deep.equal([]);
  });

  it("reaches the database under the address that the override gives", async () => {
    const definition = await application.define("override", { environment: { POSTGRES_HOST: "nowhere" } });
    expect(await run(definition, migrate, { POSTGRES_HOST: account.host })).to.include({ exitCode: 0 });
    const lost = await run(definition, migrate);
    expect(lost.exitCode).to.equal(1);
    expect(lost.lines.at(-1)).to.equal(
      'django.db.utils.OperationalError: could not translate host name "nowhere" to address: Name or service not known',
    );
  });

  it("fails with Django's words when the database refuses it", async () => {
    const definition = await application.define("refused", { environment: { POSTGRES_USER: "stranger" } });
    const task = await run(definition, migrate);
    expect(task.exitCode).to.equal(1);
    expect(task.lines.join("\n")).to.match(
      /Traceback[^]*OperationalError: connection to server at .* failed: FATAL: {2}password authentication failed for user "stranger"/,
    );
  });

  it("does not get through where security groups are in the way", async () => {
    const definition = await application.define("foreign");
    const request = application.request(definition, migrate);
    request.networkConfiguration = {
      awsvpcConfiguration: { subnets: account.subnets, securityGroups: [account.foreignGroup] },
    };
    const { tasks } = await call<{ tasks: Task[] }>("ecs", "RunTask", request);
    const task = await look(tasks[0] as Task);
    expect(task.containers[0]?.exitCode).to.equal(1);
    expect(filesHolding(account.cloud.home, "failed: Connection timed out")).not.to.be.empty;
  });

  it("runs no command but those of manage.py that a release needs", async () => {
    const definition = await application.define("unknown");
    const unknown = await run(definition, ["python", "manage.py", "flush"]);
    expect(unknown.exitCode).to.equal(1);
    expect(unknown.lines[0]).to.equal("Unknown command: 'flush'");
    expect((await run(definition, ["sh", "-c", "true"])).exitCode).to.equal(127);
  });

  it("fails, or takes its time, when a fault says so", async () => {
    const failing = await run(await application.define("failing"), migrate);
    expect(failing.exitCode).to.equal(1);
    expect(failing.lines.at(-1)).to.equal('django.db.utils.ProgrammingError: column "room" does not exist');
    const slow = await start(await application.define("slow"), migrate);
    const seen = [await look(slow), await look(slow), await look(slow)].map(({ lastStatus }) => lastStatus);
    expect(seen).to.deep.equal(["RUNNING", "RUNNING", "STOPPED"]);
  });

  it("never starts when its secret cannot be read, and says why", async () => {
    const definition = await application.define("poor");
    const empty = await account.make("secret", "empty", { name: "empty" });
    const poor = await account.make("taskDefinition", "poor-2", {
      ...definition.inputs,
      containerDefinitions: String(definition.inputs.containerDefinitions).replaceAll(
        application.secret.id,
        empty.id,
      ),
    });
    const task = await look(await start(poor, migrate));
    expect(task).to.include({ lastStatus: "STOPPED", stopCode: "TaskFailedToStart" });
    expect(task.stoppedReason).to.match(
      /^ResourceInitializationError: .*unable to retrieve secret POSTGRES_PASSWORD/,
    );
    expect(task.containers[0]?.exitCode).to.equal(undefined);
  });

  it("is started once for one client token, and stopped on request", async () => {
    const definition = await application.define("slow-too");
    const request = { ...application.request(definition, migrate), clientToken: "release-1" };
    const arns = [];
    while (arns.length < 2) {
      arns.push((await call<{ tasks: Task[] }>("ecs", "RunTask", request)).tasks[0]?.taskArn);
    }
    expect(arns[0]).to.equal(arns[1]);
    const { task } = await call<{ task: Task }>("ecs", "StopTask", {
      cluster: application.cluster.id,
      task: arns[0],
      reason: "enough",
    });
    expect(task.lastStatus).to.equal("STOPPED");
  });

  it("is refused with ECS's words when the request is wrong", async () => {
    const definition = await application.define("wrong");
    const request = application.request(definition, migrate);
    const answer = (change: object) => call("ecs", "RunTask", { ...request, ...change });
    expect(await answer({ cluster: "elsewhere" })).to.include({ error: "ClusterNotFoundException" });
    expect(await answer({ taskDefinition: "wrong:7" })).to.deep.equal({
      error: "ClientException",
      message: "Unable to describe task definition.",
    });
    expect(await answer({ networkConfiguration: undefined })).to.deep.equal({
      error: "InvalidParameterException",
      message: "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    });
    const subnets = ["subnet-0123456789abcdef0"];
    expect(await answer({ networkConfiguration: { awsvpcConfiguration: { subnets } } })).to.have.property(
      "message",
      "Error retrieving subnet information for [subnet-0123456789abcdef0]: The subnet ID 'subnet-0123456789abcdef0' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
    );
    expect(await answer({ overrides: { containerOverrides: [{ name: "web" }] } })).to.have.property(
      "message",
      "Override for container named web is not a container in the TaskDefinition.",
    );
  });

  it("leaves the database's password in no file, and masks it where a task prints it", async () => {
    const definition = await application.define("prints");
    expect((await run(definition, [password])).lines[0]).to.contain("The embedded AWS runs no ***");
    expect(filesHolding(account.cloud.home, "The embedded AWS runs no ***")).not.to.be.empty;
    expect(filesHolding(account.cloud.home, password)).to.deep.equal([]);
  });
});
