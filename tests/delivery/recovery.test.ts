import { expect } from "chai";
import { ways } from "../../delivery/recovery/imports";
import { recovered, recoveryOf, type Tagged } from "../../delivery/recovery/plan";
import {
  defaultTags,
  queryFoldersOf,
  regionsOf,
  type Export,
  type Inputs,
  type Pending,
} from "../../delivery/recovery/state";
import { upserts } from "../../packages/embedded-aws/models/upserts";
import { models } from "../../packages/embedded-aws/models";
import { repeatable } from "./repeatable";
import { everythingOn } from "../recording/everythingOn";
import { everywhere, record, type Recording } from "../recording/recording";

const tagsAll = { Project: "chatpop", Stack: "small" };
const urn = (type: string, name: string) => `urn:pulumi:small::chatpop::chatpop:a:Component$${type}::${name}`;
const resource = (type: string, name: string, more: object = {}) => ({ urn: urn(type, name), type, ...more });
const creating = (type: string, name: string, inputs: Inputs): Pending => ({
  type: "creating",
  resource: resource(type, name, { inputs: { tagsAll, ...inputs } }),
});
const ec2 = (rest: string) => `arn:aws:ec2:us-east-1:123456789012:${rest}`;
const tagged = (arn: string, tags: object = {}): Tagged => ({ arn, tags: { ...tagsAll, ...tags } });
const state = (pending: readonly Pending[], resources: Export["deployment"]["resources"] = []): Export => ({
  deployment: { pending_operations: pending, resources },
});
const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";

describe("recovery of an update that was cut off", () => {
  it("finds what was made by its tags, its name, its parent and its place", () => {
    const loadBalancer =
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/chatpop-alb-1/50dc";
    const listener = loadBalancer.replace("loadbalancer", "listener") + "/f2f7";
    const group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/chatpop-release-d2fb";
    const pending = [
      creating(vpc, "chatpop", { cidrBlock: "10.0.0.0/16", tags: { Name: "chatpop" } }),
      creating("aws:lb/listener:Listener", "chatpop-http", { loadBalancerArn: loadBalancer, port: 80 }),
      creating("aws:cloudwatch/logGroup:LogGroup", "chatpop-release", {
        namePrefix: "/aws/lambda/chatpop-release-",
      }),
      creating("aws:ec2/routeTableAssociation:RouteTableAssociation", "chatpop-public-1", {
        subnetId: "subnet-1",
        routeTableId: "rtb-1",
      }),
      creating("aws:iam/role:Role", "chatpop-release", { name: "chatpop-release-7507" }),
    ];
    const account = [
      tagged(ec2("vpc/vpc-1"), { Name: "chatpop" }),
      tagged(ec2("vpc/vpc-2"), { Name: "other" }),
      tagged(listener),
      tagged(group),
    ];
    const { imports, orphans, forgotten, unclear } = recoveryOf(state(pending), account);
    expect(imports.map(({ id }) => id)).to.deep.equal([
      "vpc-1",
      listener,
      "/aws/lambda/chatpop-release-d2fb",
      "subnet-1/rtb-1",
      "chatpop-release-7507",
    ]);
    expect(imports.map(({ urn: each }) => each)).to.deep.equal(pending.map((each) => each.resource.urn));
    expect([forgotten, unclear]).to.deep.equal([[], []]);
    expect(orphans).to.deep.equal([ec2("vpc/vpc-2")]);
  });

  it("takes nothing that the state has already, and calls nothing an orphan that AWS makes for others", () => {
    const known = [
      resource(vpc, "chatpop", { id: "vpc-1" }),
      resource("aws:cloudwatch/logGroup:LogGroup", "chatpop-release", { id: "/aws/lambda/release" }),
      resource("aws:rds/proxy:Proxy", "chatpop-proxy", {
        id: "chatpop-proxy-1",
        outputs: { arn: "arn:aws:rds:us-east-1:123456789012:db-proxy:prx-1" },
      }),
    ];
    const account = [
      tagged(ec2("vpc/vpc-1"), { Name: "chatpop" }),
      tagged("arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/release:*"),
      tagged("arn:aws:rds:us-east-1:123456789012:db-proxy:prx-1"),
      tagged("arn:aws:ecs:us-east-1:123456789012:task/chatpop-cluster-1/0a1b"),
      tagged("arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-small:3"),
      tagged("arn:aws:rds:us-east-1:123456789012:snapshot:chatpop-db-final-1"),
    ];
    const pending = [creating(vpc, "chatpop", { tags: { Name: "chatpop" } })];
    const { imports, orphans, forgotten } = recoveryOf(state(pending, known), account);
    expect([imports, orphans]).to.deep.equal([[], []]);
    expect(forgotten).to.deep.equal([urn(vpc, "chatpop")]);
  });

  it("decides nothing between two that fit", () => {
    const pending = [creating(subnet, "chatpop-public-1", { tags: { Name: "chatpop-public-1" } })];
    const arns = [ec2("subnet/subnet-1"), ec2("subnet/subnet-2")];
    const { imports, unclear, orphans } = recoveryOf(
      state(pending),
      arns.map((arn) => tagged(arn, { Name: "chatpop-public-1" })),
    );
    expect([imports, orphans]).to.deep.equal([[], []]);
    expect(unclear).to.deep.equal([{ urn: urn(subnet, "chatpop-public-1"), arns }]);
  });

  it("finds by its tags what AWS names by an id of its own, although the engine has drawn a name for it", () => {
    const group = "aws:ec2/securityGroup:SecurityGroup";
    const names = ["chatpop-alb", "chatpop-tasks"];
    const pending = names.map((Name) => creating(group, Name, { name: `${Name}-e289676`, tags: { Name } }));
    const account = names.map((Name, index) => tagged(ec2(`security-group/sg-${index}`), { Name }));
    const { imports, orphans } = recoveryOf(state(pending), account);
    expect(imports.map(({ id }) => id)).to.deep.equal(["sg-0", "sg-1"]);
    expect(orphans).to.be.empty;
  });

  it("finds a saved query by its whole name, because it has no tags", () => {
    const query = "aws:cloudwatch/queryDefinition:QueryDefinition";
    const saved = (id: string, name: string): Tagged => ({
      arn: `arn:aws:logs:us-east-1:123456789012:query-definition:${id}`,
      tags: {},
      name,
    });
    const inputs = { name: "chatpop-test/database-cpu" };
    const pending = [{ type: "creating", resource: resource(query, "chatpop-database-cpu", { inputs }) }];
    const account = [saved("0a", "chatpop-test/database-cpu"), saved("0b", "chatpop-test/database-cpu-2")];
    const { imports, orphans, unclear } = recoveryOf(state(pending), account);
    expect(imports).to.deep.equal([{ urn: urn(query, "chatpop-database-cpu"), id: "0a" }]);
    expect(orphans).to.deep.equal([account[1]!.arn]);
    expect(unclear).to.be.empty;
    expect(queryFoldersOf(state(pending))).to.deep.equal(["chatpop-test/"]);
  });

  it("leaves updates and deletions to a look at AWS", () => {
    const pending = ["updating", "deleting"].map((type) => ({ type, resource: resource(vpc, type) }));
    const { settled, forgotten } = recoveryOf(state(pending), []);
    expect(settled).to.deep.equal([urn(vpc, "updating"), urn(vpc, "deleting")]);
    expect(forgotten).to.be.empty;
  });

  it("adds to the state what was made, after the rest, and leaves nothing pending", () => {
    const made = creating(vpc, "chatpop", { tags: { Name: "chatpop" } });
    const lost = creating(subnet, "chatpop-public-1", { tags: { Name: "chatpop-public-1" } });
    const known = [resource("pulumi:pulumi:Stack", "chatpop-small")];
    const before = state([made, lost], known);
    const recovery = recoveryOf(before, [tagged(ec2("vpc/vpc-1"), { Name: "chatpop" })]);
    expect(recovered(before, recovery)).to.deep.equal({
      deployment: { resources: [...known, { ...made.resource, id: "vpc-1" }] },
    });
  });

  it("knows the stack's tags and all its regions by its providers", () => {
    const provider = (name: string, region: string, more = {}) =>
      resource("pulumi:providers:aws", name, { inputs: { region, ...more } });
    const providers = state(
      [],
      [
        provider("default", "us-east-1", { defaultTags: JSON.stringify({ tags: tagsAll }) }),
        provider("copies", "us-west-2"),
      ],
    );
    expect(defaultTags(providers)).to.deep.equal(tagsAll);
    expect(regionsOf(providers)).to.deep.equal(["us-east-1", "us-west-2"]);
    expect(defaultTags(state([]))).to.deep.equal({});
  });

  it("knows a way to everything that cannot simply be made again under its own name", async () => {
    const missing = ({ registrations }: Recording) =>
      registrations
        .filter(({ type }) => type.startsWith("aws:") && ways[type] === undefined)
        .filter(({ type, inputs }) => {
          const name = models.get(type)?.autoName?.property;
          const isMet = upserts.has(type) && (name === undefined || inputs[name] !== undefined);
          return !isMet && !repeatable.has(type);
        })
        .map(({ type }) => type);
    await everywhere((recording) => expect(new Set(missing(recording))).to.be.empty);
    expect(new Set(missing(await record("large", "update", everythingOn)))).to.be.empty;
  });

  it("takes for a part of an ARN only what names the resource, of every type", () => {
    const misses = ({ registrations }: Recording) =>
      registrations.flatMap(({ type, name, inputs }) => {
        const way = ways[type];
        if (way === undefined || !("kind" in way) || inputs["loadBalancerArn"] !== undefined) return [];
        const property = models.get(type)?.autoName?.property ?? "name";
        const prefix = (inputs["namePrefix"] as string | undefined) ?? `${name}-`;
        // A name that is drawn is unknown in a preview.
        const given = inputs[property];
        const drawn = typeof given === "string" ? given : `${prefix}1a2b`;
        const arn = `arn:aws:service:us-east-1:123456789012${way.kind}${drawn}`;
        const { tags } = inputs as { tags?: object };
        const { imports } = recoveryOf(state([creating(type, name, inputs)]), [tagged(arn, tags)]);
        return imports.length === 1 ? [] : [`${type} ${name}`];
      });
    return everywhere((recording) => expect(misses(recording)).to.be.empty);
  });

  it("names the command that shows what no tag does", () => {
    const inputs = { serviceNamespace: "ecs", name: "chatpop-night-1f" };
    const pending = [creating("aws:appautoscaling/scheduledAction:ScheduledAction", "chatpop-night", inputs)];
    const { unseen, forgotten, imports } = recoveryOf(state(pending), []);
    expect(unseen.map(({ command }) => command)).to.deep.equal([
      "aws application-autoscaling describe-scheduled-actions --service-namespace ecs --scheduled-action-names chatpop-night-1f",
    ]);
    expect([forgotten, imports]).to.deep.equal([[], []]);
  });

  it("puts an id together of an ARN and inputs", () => {
    const acl = { name: "chatpop-1f", scope: "REGIONAL" };
    const pending = [
      creating("aws:wafv2/webAcl:WebAcl", "chatpop", acl),
      creating("aws:iam/rolePolicy:RolePolicy", "chatpop", { role: "chatpop-2e", name: "chatpop-9c" }),
    ];
    const account = [tagged("arn:aws:wafv2:us-east-1:123456789012:regional/webacl/chatpop-1f/0a-1b")];
    expect(recoveryOf(state(pending), account).imports.map(({ id }) => id)).to.deep.equal([
      "0a-1b/chatpop-1f/REGIONAL",
      "chatpop-2e:chatpop-9c",
    ]);
  });

  it("can tell rules and other nameless things of the network apart by a tag", () =>
    everywhere((recording) => {
      const nameless = recording.registrations.filter(({ type }) => {
        const way = ways[type];
        return way !== undefined && "kind" in way && /^aws:(ec2|vpc)\//.test(type);
      });
      const labels = nameless.map(({ type, inputs }) => {
        const way = ways[type] as { kind: string };
        return `${way.kind} ${(inputs["tags"] as { Name?: string } | undefined)?.Name}`;
      });
      expect(labels.filter((label) => label.endsWith("undefined"))).to.be.empty;
      expect(new Set(labels).size).to.equal(labels.length);
    }));
});
