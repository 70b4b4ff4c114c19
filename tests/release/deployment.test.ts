import { expect } from "chai";
import { type DeploymentEvent, verifyDeployment } from "../../release/deployment";
import { AwsServer, failure } from "./awsServer";

const definition = (revision: number) =>
  `arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-test:${revision}`;
const event: DeploymentEvent = {
  cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/chatpop-cluster",
  service: "chatpop-backend-service",
  taskDefinition: definition(7),
};
const plenty = { getRemainingTimeInMillis: () => 900_000 };
const none = { getRemainingTimeInMillis: () => 0 };

const service = (revision: number, rolloutState: string) => ({
  services: [
    {
      deployments: [
        { status: "ACTIVE", taskDefinition: definition(1), rolloutState: "COMPLETED" },
        { status: "PRIMARY", taskDefinition: definition(revision), rolloutState },
      ],
      events: [{ message: "task failed ELB health checks" }],
    },
  ],
});

describe("the check after a deployment", () => {
  const aws = new AwsServer();
  before(() => aws.start());
  after(() => aws.stop());

  it("is content when the registered revision runs", async () => {
    aws.answer({ DescribeServices: [service(7, "COMPLETED")] });
    expect(await verifyDeployment(event, plenty)).to.deep.equal({
      state: "completed",
      taskDefinition: definition(7),
    });
  });

  it("fails when the circuit breaker has gone back, naming both revisions and the last events (GAP-30)", async () => {
    aws.answer({ DescribeServices: [service(6, "COMPLETED")] });
    expect(await failure(verifyDeployment(event, plenty)))
      .to.contain("The deployment of chatpop-backend-test:7 failed: the service runs chatpop-backend-test:6")
      .and.to.contain("task failed ELB health checks");
  });

  it("fails when the roll-out has failed and nothing could be gone back to", async () => {
    aws.answer({ DescribeServices: [service(7, "FAILED")] });
    expect(await failure(verifyDeployment(event, plenty))).to.contain("chatpop-backend-test:7 failed");
  });

  it("does not call a roll-out complete that is still in progress when the time is over", async () => {
    aws.answer({ DescribeServices: [service(7, "IN_PROGRESS")] });
    expect(await verifyDeployment(event, none)).to.include({ state: "running" });
  });

  it("waits while the roll-out is in progress", async () => {
    aws.answer({ DescribeServices: [service(7, "IN_PROGRESS"), service(7, "COMPLETED")] });
    expect(await verifyDeployment(event, plenty)).to.include({ state: "completed" });
    expect(aws.calls).to.have.length(2);
  });

  it("names a service that is not there", async () => {
    aws.answer({ DescribeServices: [{ services: [] }] });
    expect(await failure(verifyDeployment(event, plenty))).to.contain("no service chatpop-backend-service");
  });
});
