import { expect } from "chai";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";

const on = { webFirewall: "true" };

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly action?: object;
  readonly statement: {
    readonly rateBasedStatement?: { readonly limit: number; readonly scopeDownStatement?: object };
    readonly managedRuleGroupStatement?: {
      readonly name: string;
      readonly ruleActionOverrides: readonly { readonly name: string; readonly actionToUse: object }[];
    };
  };
  readonly visibilityConfig: { readonly cloudwatchMetricsEnabled: boolean; readonly metricName: string };
}

const rulesOf = (recording: Recording) => recording.one(types.webAcl).inputs["rules"] as readonly Rule[];

describe("web firewall", () => {
  it("is there only when it is asked for", () =>
    everywhere((recording) => {
      expect([...recording.ofType(types.webAcl), ...recording.ofType(types.webAclAssociation)]).to.be.empty;
    }));

  it("stands before the load balancer", () =>
    everywhere((recording) => {
      const association = recording.one(types.webAclAssociation);
      expect(recording.namesOf(association, "resourceArn")).to.deep.equal(["chatpop-alb"]);
      expect(recording.namesOf(association, "webAclArn")).to.deep.equal(["chatpop-firewall"]);
      expect(recording.one(types.webAcl).inputs).to.include({ scope: "REGIONAL" });
    }, on));

  it("limits the requests of one address, and tells it to slow down", async () => {
    const [first] = rulesOf(await record("small", "update", { ...on, requestsPerAddress: "500" }));
    expect(first?.statement.rateBasedStatement).to.include({
      aggregateKeyType: "IP",
      evaluationWindowSec: 300,
      limit: 500,
    });
    expect(first?.action).to.deep.equal({ block: { customResponse: { responseCode: 429 } } });
  });

  it("does not count sockets, which come back in storms from shared addresses", () =>
    everywhere((recording) => {
      const [first] = rulesOf(recording);
      expect(first?.statement.rateBasedStatement?.scopeDownStatement).to.deep.equal({
        notStatement: {
          statement: {
            byteMatchStatement: {
              fieldToMatch: { uriPath: {} },
              positionalConstraint: "STARTS_WITH",
              searchString: "/ws/",
              textTransformations: [{ priority: 0, type: "NONE" }],
            },
          },
        },
      });
    }, on));

  it("lets the rules about bodies count only: uploads and free text are what a chat is made of", () =>
    everywhere((recording) => {
      const overrides = rulesOf(recording).flatMap(
        ({ statement }) => statement.managedRuleGroupStatement?.ruleActionOverrides ?? [],
      );
      expect(overrides.map(({ name }) => name)).to.include("SizeRestrictions_BODY");
      for (const { name, actionToUse } of overrides) {
        expect(name).to.match(/_BODY$/);
        expect(actionToUse).to.deep.equal({ count: {} });
      }
    }, on));

  it("keeps no samples: the addresses of sockets hold tokens", () =>
    everywhere((recording) => {
      const sampled = [recording.one(types.webAcl).inputs, ...rulesOf(recording)].map(
        (each) => (each["visibilityConfig"] as { sampledRequestsEnabled: boolean }).sampledRequestsEnabled,
      );
      expect(new Set(sampled)).to.deep.equal(new Set([false]));
    }, on));

  it("measures each rule under a name of its own, and each stack apart", () =>
    everywhere((recording) => {
      const rules = rulesOf(recording);
      expect(rules.map(({ priority }) => priority)).to.deep.equal(rules.map((_, index) => index));
      expect(rules.map(({ visibilityConfig }) => visibilityConfig.metricName)).to.deep.equal(
        rules.map(({ name }) => name),
      );
      expect(rules.every(({ visibilityConfig }) => visibilityConfig.cloudwatchMetricsEnabled)).to.be.true;
      expect(recording.one(types.webAcl).inputs["visibilityConfig"]).to.include({
        metricName: "chatpop-test",
      });
    }, on));
});
