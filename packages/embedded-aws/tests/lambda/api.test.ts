import { expect } from "chai";
import type { Created } from "../provider/harness";
import { callsAws, makeApplication, type Application } from "./application";
import { openAccount, policy, trust, type Account } from "./cloud";

describe("the AWS API that functions call", () => {
  let account: Account;
  let application: Application;
  let definition: Created;
  const as = async (name: string, ...statements: object[]) => {
    const role = await account.make("role", name, { assumeRolePolicy: trust("lambda") });
    await account.make("rolePolicy", name, { role: role.id, policy: policy(...statements) });
    const fn = await account.fn(name, callsAws, { role: role.outputs.arn });
    return async (service: string, command: string, input: unknown) =>
      (await account.invoke(fn, { service, command, input })) as { error?: string; message?: string };
  };
  const runTask = () => application.request(definition, ["python", "manage.py", "help"]);

  before(async () => {
    account = await openAccount();
    application = await makeApplication(account);
    definition = await application.define("backend");
  });
  after(() => account.close());

  it("does what the function's role allows, and refuses anything else in IAM's words", async () => {
    const call = await as("reader", {
      Action: "ecs:ListTasks",
      Resource: "*",
    });
    expect(await call("ecs", "ListTasks", { cluster: application.cluster.id })).to.deep.equal({
      taskArns: [],
    });
    const refused = await call("ecs", "RunTask", runTask());
    expect(refused.error).to.equal("AccessDeniedException");
    expect(refused.message).to.match(
      /^User: arn:aws:sts::123456789012:assumed-role\/reader-\w+\/reader-\w+ is not authorized to perform: ecs:RunTask on resource: arn:aws:ecs:us-east-1:123456789012:task-definition\/backend:1 because no identity-based policy allows the ecs:RunTask action$/,
    );
  });

  it("starts a task only for who may also pass both of its roles on", async () => {
    const run = { Action: "ecs:RunTask", Resource: "*" };
    const [execution, task] = application.roles.map(({ outputs }) => outputs.arn) as [string, string];
    const one = await as("passes-one", run, { Action: "iam:PassRole", Resource: execution });
    expect((await one("ecs", "RunTask", runTask())).message).to.contain(
      `is not authorized to perform: iam:PassRole on resource: ${task}`,
    );
    const both = await as("passes-both", run, {
      Action: "iam:PassRole",
      Resource: [execution, task],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
    expect(await both("ecs", "RunTask", runTask())).to.have.property("tasks");
    const elsewhere = await as("passes-elsewhere", run, {
      Action: "iam:PassRole",
      Resource: "*",
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    });
    expect((await elsewhere("ecs", "RunTask", runTask())).message).to.contain("iam:PassRole");
  });

  it("heeds the condition on the cluster", async () => {
    const pass = { Action: "iam:PassRole", Resource: "*" };
    const of = (name: string, cluster: string) =>
      as(name, pass, {
        Action: "ecs:RunTask",
        Resource: "*",
        Condition: { ArnEquals: { "ecs:cluster": cluster } },
      });
    const own = await of("own", application.cluster.id);
    expect(await own("ecs", "RunTask", runTask())).to.have.property("tasks");
    const other = await of("other", application.cluster.id.replace("chatpop", "shop"));
    expect(await other("ecs", "RunTask", runTask())).to.have.property("error", "AccessDeniedException");
  });

  it("reads only the log that the role allows, and knows which streams there are", async () => {
    const arn = `arn:aws:logs:us-east-1:123456789012:log-group:${application.logGroup.id}`;
    const call = await as("logs", { Action: "logs:GetLogEvents", Resource: `${arn}:log-stream:ecs/*` });
    const read = (logGroupName: string, logStreamName: string) =>
      call("logs", "GetLogEvents", { logGroupName, logStreamName });
    expect(await read(application.logGroup.id, "ecs/backend/none")).to.deep.equal({
      error: "ResourceNotFoundException",
      message: "The specified log stream does not exist.",
    });
    expect(await read(account.logGroup, "ecs/backend/none")).to.have.property(
      "error",
      "AccessDeniedException",
    );
  });

  it("names the file to extend when it is asked for something else", async () => {
    const call = await as("asks", { Action: "*", Resource: "*" });
    expect(await call("ecs", "ListServices", {})).to.deep.equal({
      error: "UnknownOperationException",
      message:
        "The embedded AWS does not answer AmazonEC2ContainerServiceV20141113.ListServices: add the operation to packages/embedded-aws/api/ecs.ts",
    });
  });
});
