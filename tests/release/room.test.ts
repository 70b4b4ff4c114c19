import { expect } from "chai";
import { makeRoom } from "../../release/room";
import { AwsServer, failure } from "./awsServer";

const cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/chatpop-cluster-1";
const event = { cluster, minimum: 10, maximum: 40, maximumPercent: 150 };
const plenty = { getRemainingTimeInMillis: () => 900_000 };
const none = { getRemainingTimeInMillis: () => 0 };

const target = (resourceId: string, maximum = 4) => ({
  ServiceNamespace: "ecs",
  ResourceId: resourceId,
  ScalableDimension: "ecs:service:DesiredCount",
  MinCapacity: 1,
  MaxCapacity: maximum,
});
const own = target("service/chatpop-cluster-1/chatpop-backend-service-1");
const tasks = (desiredCount: number) => ({ services: [{ desiredCount }] });

describe("room for a deployment", function () {
  this.timeout(30_000);
  const aws = new AwsServer();
  before(() => aws.start());
  after(() => aws.stop());
  const registered = () =>
    aws.calls.filter(({ action }) => action === "RegisterScalableTarget").map(({ input }) => input);

  it("is made by the plan's limits when a step of the deployment is less than one task, and awaited (G-71)", async () => {
    aws.answer({
      DescribeScalableTargets: [
        { ScalableTargets: [target("service/chatpop-cluster-10/other")], NextToken: "more" },
        { ScalableTargets: [own] },
      ],
      DescribeServices: [tasks(1), tasks(1), tasks(10)],
      RegisterScalableTarget: [{}],
    });
    expect(await makeRoom(event, plenty)).to.deep.equal({ tasks: 10, raised: true });
    expect(registered()).to.deep.equal([
      {
        ServiceNamespace: "ecs",
        ResourceId: "service/chatpop-cluster-1/chatpop-backend-service-1",
        ScalableDimension: "ecs:service:DesiredCount",
        MinCapacity: 10,
        MaxCapacity: 40,
      },
    ]);
  });

  it("takes no higher maximum away", async () => {
    aws.answer({
      DescribeScalableTargets: [{ ScalableTargets: [{ ...own, MaxCapacity: 100 }] }],
      DescribeServices: [tasks(1), tasks(10)],
      RegisterScalableTarget: [{}],
    });
    await makeRoom(event, plenty);
    expect(registered()[0]).to.include({ MaxCapacity: 100 });
  });

  for (const [count, why] of [
    [2, "150 % of two tasks are three"],
    [0, "a service without tasks waits for nothing"],
  ] as const) {
    it(`is there already with ${count} tasks: ${why}`, async () => {
      aws.answer({ DescribeScalableTargets: [{ ScalableTargets: [own] }], DescribeServices: [tasks(count)] });
      expect(await makeRoom(event, plenty)).to.deep.equal({ tasks: count, raised: false });
      expect(registered()).to.be.empty;
    });
  }

  it("needs nothing before the first deployment", async () => {
    aws.answer({ DescribeScalableTargets: [{ ScalableTargets: [] }] });
    expect(await makeRoom(event, plenty)).to.deep.equal({ raised: false });
  });

  it("fails with the command that raises the count when nobody else does", async () => {
    aws.answer({
      DescribeScalableTargets: [{ ScalableTargets: [own] }],
      DescribeServices: [tasks(1)],
      RegisterScalableTarget: [{}],
    });
    expect(await failure(makeRoom(event, none))).to.contain(
      `aws ecs update-service --cluster ${cluster} --service chatpop-backend-service-1 --desired-count 10`,
    );
  });
});
