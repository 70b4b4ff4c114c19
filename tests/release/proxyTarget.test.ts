import { expect } from "chai";
import { awaitProxyTarget } from "../../release/proxyTarget";
import { AwsServer, failure } from "./awsServer";

const event = { proxy: "chatpop-proxy-1", database: "chatpop-db-1" };
const plenty = { getRemainingTimeInMillis: () => 900_000 };
const none = { getRemainingTimeInMillis: () => 0 };

/** RDS's answer about targets, each by its instance, state, reason and description. */
const targets = (...all: readonly (readonly [string, string, string?, string?])[]) => {
  const members = all.map(
    ([instance, state, reason, description]) =>
      `<member><RdsResourceId>${instance}</RdsResourceId><TargetHealth><State>${state}</State>` +
      `${reason ? `<Reason>${reason}</Reason>` : ""}${description ? `<Description>${description}</Description>` : ""}` +
      "</TargetHealth></member>",
  );
  return (
    "<DescribeDBProxyTargetsResponse><DescribeDBProxyTargetsResult>" +
    `<Targets>${members.join("")}</Targets></DescribeDBProxyTargetsResult></DescribeDBProxyTargetsResponse>`
  );
};

describe("the wait for the proxy", () => {
  const aws = new AwsServer();
  before(() => aws.start());
  after(() => aws.stop());

  it("ends when the proxy serves its instance, and not before (GAP-18)", async () => {
    aws.answer({
      DescribeDBProxyTargets: [
        targets(["chatpop-db-1", "REGISTERING"]),
        targets(["chatpop-db-1", "UNAVAILABLE", "PENDING_PROXY_CAPACITY"]),
        targets(["chatpop-db-1", "AVAILABLE"]),
      ],
    });
    expect(await awaitProxyTarget(event, plenty)).to.deep.equal({ state: "available" });
    expect(aws.calls.map(({ input }) => input["DBProxyName"])).to.deep.equal(
      Array(3).fill("chatpop-proxy-1"),
    );
  });

  it("fails with the reason of AWS when the time is over", async () => {
    const answer = targets([
      "chatpop-db-1",
      "UNAVAILABLE",
      "AUTH_FAILURE",
      "Proxy does not have the credentials",
    ]);
    aws.answer({ DescribeDBProxyTargets: [answer] });
    expect(await failure(awaitProxyTarget(event, none)))
      .to.contain("chatpop-proxy-1 does not serve chatpop-db-1")
      .and.to.contain("UNAVAILABLE, AUTH_FAILURE (Proxy does not have the credentials)")
      .and.to.contain("aws rds describe-db-proxy-targets --db-proxy-name chatpop-proxy-1");
  });

  it("takes no other instance's target for its own, as after a restore", async () => {
    aws.answer({ DescribeDBProxyTargets: [targets(["chatpop-db-0", "AVAILABLE"])] });
    expect(await failure(awaitProxyTarget(event, none))).to.contain("it is not registered");
  });
});
