import { expect } from "chai";
import { checkRunningRevision, servingImage } from "../../delivery/runningRevision";
import { AwsServer, failure } from "../release/awsServer";

const repositoryUrl = "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop-backend";
const image = `${repositoryUrl}@sha256:b`;
const revision = (number: number) =>
  `arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-small:${number}`;
const outputs = {
  url: "https://chat.example.com",
  clusterName: "cluster",
  serviceName: "backend",
  repositoryUrl,
  delivery: { taskDefinition: revision(7) },
};

const server = new AwsServer();
/** ECS answers that the service has this deployment, of a revision with this image. */
const answer = (deployment: object | undefined, runs = image) =>
  server.answer({
    DescribeServices: [
      {
        services: deployment
          ? [
              {
                deployments: [
                  {
                    status: "PRIMARY",
                    taskDefinition: revision(7),
                    rolloutState: "COMPLETED",
                    ...deployment,
                  },
                  { status: "ACTIVE", taskDefinition: revision(5) },
                ],
                events: [{ message: "unhealthy" }],
              },
            ]
          : [],
      },
    ],
    DescribeTaskDefinition: [
      {
        taskDefinition: {
          containerDefinitions: [
            { name: "log-router", image: "other:1" },
            { name: "chatpop-backend", image: runs },
          ],
        },
      },
    ],
  });

describe("the image in service", () => {
  before(() => server.start());
  after(() => server.stop());

  it("is what ECS runs, as the setting names it", async () => {
    answer({});
    expect(await servingImage(outputs)).to.equal("@sha256:b");
    expect(server.calls.map(({ input }) => input)).to.deep.equal([
      { cluster: "cluster", services: ["backend"] },
      { taskDefinition: revision(7) },
    ]);
    answer({}, "ghcr.io/octo-org/chatpop:1.4.2");
    expect(await servingImage(outputs)).to.equal("ghcr.io/octo-org/chatpop:1.4.2");
  });

  it("is none before the first deployment, and ECS is not even asked", async () => {
    answer(undefined);
    expect(await servingImage(outputs)).to.equal(undefined);
    server.answer({});
    expect(await servingImage({ ...outputs, serviceName: undefined })).to.equal(undefined);
    expect(server.calls).to.be.empty;
  });
});

describe("the check of what runs", () => {
  before(() => server.start());
  after(() => server.stop());

  it("gives the address of a chat that runs the stack's revision (G-132, GAP-30)", async () => {
    answer({ runningCount: 2, desiredCount: 2 });
    expect(await checkRunningRevision(outputs)).to.equal("https://chat.example.com");
  });

  it("names the revision that runs instead, be it with the same image, and what the service said", async () => {
    answer({ runningCount: 2, desiredCount: 2, taskDefinition: revision(6) });
    expect(await failure(checkRunningRevision(outputs))).to.match(
      /runs chatpop-backend-small:6 with \S+@sha256:b instead of chatpop-backend-small:7\..*unhealthy/s,
    );
  });

  it("is content while autoscaling starts more tasks", async () => {
    answer({ runningCount: 2, desiredCount: 3 });
    expect(await checkRunningRevision(outputs)).to.equal("https://chat.example.com");
  });

  it("fails before the deployment is complete, without tasks, and when there is no service", async () => {
    answer({ runningCount: 1, desiredCount: 2, rolloutState: "IN_PROGRESS" });
    expect(await failure(checkRunningRevision(outputs)))
      .to.contain("1 of 2 tasks")
      .and.contain("IN_PROGRESS");
    answer({ runningCount: 0, desiredCount: 0 });
    expect(await failure(checkRunningRevision(outputs))).to.contain("0 of 0 tasks");
    answer(undefined);
    expect(await failure(checkRunningRevision(outputs))).to.contain("does not run in cluster");
  });
});
