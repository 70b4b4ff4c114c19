import { expect } from "chai";
import { exhaustive, itInAll, sample } from "../exhaustive";
import { withoutPreview, OfflineStack, shortName, type StateResource } from "./offlineStack";

/** Resources on the users' way; none of them may be made anew. */
const entrance =
  /^aws:(lb\/(loadBalancer|targetGroup|listener)|ecs\/(cluster|service)|vpc\/|ec2\/|rds\/|elasticache\/)/;
const listener = (name: string) => `aws:lb/listener:Listener chatpop-${name}`;

describe("one stack without a domain, with one, and without again", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  const named = async () => new Map(stack.resources().map((resource) => [shortName(resource.urn), resource]));
  const firstAction = (resource: StateResource | undefined) =>
    (resource?.outputs?.["defaultActions"] as { type: string; redirect?: object }[] | undefined)?.[0];
  let before = new Map<string, StateResource>();

  it("is up under the policy pack without a domain, and says what does not work (GAP-14)", async () => {
    expect(await stack.upAsCommitted()).to.match(
      /warning: No domain: .*secure cookies.*config set --stack \w+ chatpop:domain /,
    );
    before = await named();
    expect(firstAction(before.get(listener("http")))).to.include({ type: "forward" });
    expect(before.has(listener("https"))).to.equal(false);
  });

  itInAll(
    "keeps its listener when the state is from before listeners were components of their own",
    async () => {
      await stack.rewriteState((state) => {
        const resources = state.deployment.resources?.filter(
          ({ type }) => type !== "chatpop:compute:Listener",
        );
        return JSON.stringify({ ...state, deployment: { ...state.deployment, resources } })
          .replaceAll("chatpop:compute:Listener$", "chatpop:compute:LoadBalancer$")
          .replaceAll("chatpop:compute:Listener::chatpop-http", "chatpop:compute:LoadBalancer::chatpop");
      });
      expect(
        stack
          .resources()
          .map(({ urn }) => urn)
          .join(),
      ).to.not.contain(":Listener$");
      const steps = (await stack.steps()).filter(({ urn }) => urn.includes("aws:lb/listener:Listener"));
      expect(steps.map(({ op }) => op)).to.be.empty;
      await stack.up();
      expect((await named()).get(listener("http"))?.id).to.equal(before.get(listener("http"))?.id);
    },
  );

  const mistakes = [
    ["whose zone is not in the account", "chat.example.org", "auto", /zone called example\.org: no matching/],
    ["in a zone below the one that is there", "chat.eu.example.com", "auto", /zone called eu\.example\.com/],
    ["in a zone that its id does not lead to", "chat.example.com", "Z0DEAD", /id Z0DEAD: .*NoSuchHostedZone/],
  ] as const;
  for (const [mistake, domain, hostedZone, says] of sample(mistakes, () => "a zone that is not there")) {
    it(`refuses a domain ${mistake}, with both ways out, and changes nothing`, async () => {
      await stack.set("domain", domain);
      await stack.set("hostedZone", hostedZone);
      // The preview that comes first ends before anything changes.
      const printed = await stack.fails("up", "--yes", "--non-interactive");
      expect(printed).to.match(says).and.to.contain(`chatpop:domain (${domain})`);
      expect(printed).to.contain("offline/pulumi config set --stack small chatpop:hostedZone");
      expect(printed).to.contain("offline/pulumi config set --stack small chatpop:certificateArn");
      expect(printed).to.not.match(/^\s+at .*\.ts/m);
      expect([...(await named()).keys()]).to.have.members([...before.keys()]);
    });
  }

  it("gets its domain without making anything anew that users go through (G-51, GAP-14)", async () => {
    await stack.set("domain", "chat.example.com");
    await stack.set("hostedZone", "auto");
    const steps = (await stack.steps()).map(({ op, urn }) => `${op} ${shortName(urn)}`);
    expect(steps).to.include.members([
      "create aws:acm/certificate:Certificate chatpop-certificate",
      "create aws:acm/certificateValidation:CertificateValidation chatpop-certificate",
      `create ${listener("https")}`,
      `update ${listener("http")}`,
      "create aws:route53/record:Record chatpop-domain",
    ]);
    // A new revision of the same family changes no role's leave to run it.
    expect(steps.filter((step) => step.includes(" aws:iam/"))).to.be.empty;
    expect(steps.filter((step) => /^(delete|replace)/.test(step) && entrance.test(step.split(" ")[1]!))).to.be
      .empty;
  });

  itInAll("keeps its plain entrance when the tasks for the new one do not run (GAP-30)", async () => {
    const faults = [{ type: "aws:ecs/service:Service", operation: "rollback" }];
    await stack.failsWith(
      { EMBEDDED_AWS_FAULTS: JSON.stringify(faults) },
      ...["up", ...withoutPreview, "--policy-pack", "policy"],
    );
    const now = await named();
    expect(firstAction(now.get(listener("http")))).to.include({ type: "forward" });
    expect(now.has("aws:route53/record:Record chatpop-domain")).to.equal(false);
  });

  it("is up under the policy pack with its domain, and redirects to it (G-51)", async () => {
    const printed = await stack.upUnderPack();
    expect(printed).to.not.contain("No domain").and.to.not.contain("no listener speaks HTTPS");
    const now = await named();
    expect(firstAction(now.get(listener("http")))?.redirect).to.include({ host: "chat.example.com" });
    expect(firstAction(now.get(listener("https")))).to.include({ type: "forward" });
    for (const [name, { id }] of before) {
      if (entrance.test(name)) expect(now.get(name)?.id, name).to.equal(id);
    }
    expect(now.get("aws:route53/record:Record chatpop-domain")?.outputs?.["aliases"]).to.deep.equal([
      {
        name: before.get("aws:lb/loadBalancer:LoadBalancer chatpop-alb")?.outputs?.["dnsName"],
        zoneId: before.get("aws:lb/loadBalancer:LoadBalancer chatpop-alb")?.outputs?.["zoneId"],
        evaluateTargetHealth: false,
      },
    ]);
    expect((await stack.outputs())["url"]).to.equal("https://chat.example.com");
    await stack.hasNoChanges();
    if (exhaustive) await stack.succeeds("refresh", "--yes", "--expect-no-changes", "--non-interactive");
  });

  itInAll(
    "keeps its certificate when the release with another domain fails, and can go back (GAP-14, GAP-30)",
    async () => {
      const certificate = async () => (await named()).get(listener("https"))?.outputs?.["certificateArn"];
      const shown = await certificate();
      await stack.set("domain", "talk.example.com");
      const faults = [{ type: "aws:ecs/task:Task", operation: "run", error: "relation does not exist" }];
      const printed = await stack.failsWith(
        { EMBEDDED_AWS_FAULTS: JSON.stringify(faults) },
        ...["up", ...withoutPreview, "--policy-pack", "policy"],
      );
      expect(printed).to.contain("relation does not exist");
      expect(await certificate()).to.equal(shown);
      await stack.set("domain", "chat.example.com");
      await stack.up();
      expect((await stack.outputs())["url"]).to.equal("https://chat.example.com");
    },
  );

  itInAll("gets its web firewall and access logs without making anything anew", async () => {
    await stack.set("webFirewall", "true");
    await stack.set("accessLogs", "true");
    const steps = (await stack.steps()).map(({ op, urn }) => `${op} ${shortName(urn)}`);
    expect(steps.filter((step) => !step.startsWith("create "))).to.deep.equal([
      "update aws:lb/loadBalancer:LoadBalancer chatpop-alb",
    ]);
    expect(steps).to.include.members([
      "create aws:wafv2/webAclAssociation:WebAclAssociation chatpop-firewall",
      "create aws:s3/bucketPolicy:BucketPolicy chatpop-access-logs",
    ]);
    await stack.up();
    await stack.hasNoChanges();
  });

  itInAll("gives all of it back in one update", async () => {
    await stack.set("domain", "auto");
    await stack.set("webFirewall", "auto");
    await stack.set("accessLogs", "auto");
    await stack.up();
    expect([...(await named()).keys()]).to.have.members([...before.keys()]);
    await stack.destroy();
  });
});
