import { expect } from "chai";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";

const on = { webFirewall: "true" };

/**
 * The rules of AWS's groups, from https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 * and …-ip-rep.html.
 */
const managedRules: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesAmazonIpReputationList: [
    "AWSManagedIPReputationList",
    "AWSManagedReconnaissanceList",
    "AWSManagedIPDDoSList",
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [
    "ExploitablePaths_URIPATH",
    "Host_localhost_HEADER",
    "JavaDeserializationRCE_BODY",
    "JavaDeserializationRCE_HEADER",
    "JavaDeserializationRCE_QUERYSTRING",
    "JavaDeserializationRCE_URIPATH",
    "Log4JRCE_BODY",
    "Log4JRCE_HEADER",
    "Log4JRCE_QUERYSTRING",
    "Log4JRCE_URIPATH",
    "PROPFIND_METHOD",
    "ReactJSRCE_BODY",
  ],
  AWSManagedRulesCommonRuleSet: [
    "CrossSiteScripting_BODY",
    "CrossSiteScripting_COOKIE",
    "CrossSiteScripting_QUERYARGUMENTS",
    "CrossSiteScripting_URIPATH",
    "EC2MetaDataSSRF_BODY",
    "EC2MetaDataSSRF_COOKIE",
    "EC2MetaDataSSRF_QUERYARGUMENTS",
    "EC2MetaDataSSRF_URIPATH",
    "GenericLFI_BODY",
    "GenericLFI_QUERYARGUMENTS",
    "GenericLFI_URIPATH",
    "GenericRFI_BODY",
    "GenericRFI_QUERYARGUMENTS",
    "GenericRFI_URIPATH",
    "NoUserAgent_HEADER",
    "RestrictedExtensions_QUERYARGUMENTS",
    "RestrictedExtensions_URIPATH",
    "SizeRestrictions_BODY",
    "SizeRestrictions_Cookie_HEADER",
    "SizeRestrictions_QUERYSTRING",
    "SizeRestrictions_URIPATH",
    "UserAgent_BadBots_HEADER",
  ],
};

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
      const groups = rulesOf(recording).flatMap(({ statement }) => statement.managedRuleGroupStatement ?? []);
      expect(groups.map(({ name }) => name)).to.have.members(Object.keys(managedRules));
      for (const { name, ruleActionOverrides } of groups) {
        expect(ruleActionOverrides, name).to.have.deep.members(
          managedRules[name]!.filter((rule) => rule.endsWith("_BODY")).map((rule) => ({
            name: rule,
            actionToUse: { count: {} },
          })),
        );
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
