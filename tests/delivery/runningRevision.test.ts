import { expect } from "chai";
import { checkRunningRevision } from "../../delivery/runningRevision";
import { AwsServer, failure } from "../release/awsServer";

const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop-backend@sha256:b";
const outputs = {
  url: "https://chat.example.com",
  clusterName: "cluster",
  serviceName: "backend",
  delivery: { image },
};

describe("the check of what runs", () => {
  const server = new AwsServer();
  before(() => server.start());
  after(() => server.stop());

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
                      taskDefinition: "family:7",
                      rolloutState: "COMPLETED",
                      ...deployment,
                    },
                  ],
                  events: [{ message: "unhealthy" }],
                },
              ]
            : [],
        },
      ],
      DescribeTaskDefinition: [
        { taskDefinition: { family: "family", revision: 7, containerDefinitions: [{ image: runs }] } },
      ],
    });

  it("gives the address of a chat that runs the stack's image (G-132, GAP-30)", async () => {
    answer({ runningCount: 2, desiredCount: 2 });
    expect(await checkRunningRevision(outputs)).to.equal("https://chat.example.com");
    expect(server.calls.map(({ input }) => input)).to.deep.equal([
      { cluster: "cluster", services: ["backend"] },
      { taskDefinition: "family:7" },
    ]);
  });

  it("names the revision that runs instead, and what the service said", async () => {
    answer({ runningCount: 2, desiredCount: 2 }, "other@sha256:a");
    expect(await failure(checkRunningRevision(outputs))).to.match(
      /runs family:7 with other@sha256:a instead of .*unhealthy/s,
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
