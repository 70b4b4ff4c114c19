import { expect } from "chai";
import { ways } from "../../delivery/recovery/imports";
import { recovered, recoveryOf, type Tagged } from "../../delivery/recovery/plan";
import {
  defaultTags,
  regionsOf,
  type Export,
  type Inputs,
  type Pending,
} from "../../delivery/recovery/state";
import { upserts } from "../../packages/embedded-aws/models/upserts";
import { everywhere } from "../recording/recording";

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

/** Types whose creation leaves nothing behind that a second one meets. */
const repeatable = new Set([
  // Adopts what AWS has made.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  // One more version or revision, which nothing names.
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:lambda/invocation:Invocation",
  // The same target under the same id.
  "aws:cloudwatch/eventTarget:EventTarget",
]);

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

  it("knows a way to everything that the program makes and that cannot simply be made again", () =>
    everywhere((recording) => {
      const without = recording.registrations
        .map(({ type }) => type)
        .filter((type) => type.startsWith("aws:"))
        .filter((type) => ways[type] === undefined && !upserts.has(type) && !repeatable.has(type));
      expect([...new Set(without)]).to.be.empty;
    }));

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
