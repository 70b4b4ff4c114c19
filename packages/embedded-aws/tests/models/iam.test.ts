import { expect } from "chai";
import fc from "fast-check";
import { policyDocument } from "../../models/policyDocument";
import type { Cloud } from "../provider/harness";
import { openCloud, refusalOf } from "../provider/harness";

const role = "aws:iam/role:Role";
const policy = "aws:iam/policy:Policy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const oidc = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const trust = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { Service: "ecs-tasks.amazonaws.com" },
};
const document = (statement: object, more: object = {}) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement], ...more });

describe("IAM", () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await openCloud();
  });
  afterEach(() => cloud.close());

  it("gives roles the ARN of their path", async () => {
    const made = await cloud.create(role, "task", { assumeRolePolicy: document(trust), path: "/chat/" });
    expect(made.outputs["arn"]).to.equal(`arn:aws:iam::123456789012:role/chat/${made.id}`);
    expect(made.id).to.equal(made.outputs["name"]);
  });

  it("wants a role's name where its ARN is wrong", async () => {
    const made = await cloud.create(role, "task", { assumeRolePolicy: document(trust) });
    const policyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    expect(
      await refusalOf(cloud.create(attachment, "a", { role: made.outputs["arn"], policyArn })),
    ).to.include("no ARN");
    expect(await refusalOf(cloud.create(attachment, "a", { role: "nobody", policyArn }))).to.include(
      "NoSuchEntity",
    );
  });

  it("attaches policies of AWS and of the account that exist, and no others", async () => {
    const made = await cloud.create(role, "task", { assumeRolePolicy: document(trust) });
    const own = await cloud.create(policy, "own", { policy: document(allow) });
    const attach = (policyArn: unknown) => cloud.create(attachment, "a", { role: made.id, policyArn });
    for (const wrong of ["arn:aws:iam::aws:policy/AmazonEverything", `${own.id}x`]) {
      expect(await refusalOf(attach(wrong))).to.include("NoSuchEntity");
    }
    await attach("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy");
    const attached = await attach(own.outputs["arn"]);
    expect(await refusalOf(cloud.delete(role, "task", made))).to.include("DeleteConflict");
    expect(await refusalOf(cloud.delete(policy, "own", own))).to.include("DeleteConflict");
    await cloud.delete(attachment, "a", attached);
    await cloud.delete(policy, "own", own);
  });

  it("keeps a role that still has a policy of its own", async () => {
    const made = await cloud.create(role, "task", { assumeRolePolicy: document(trust) });
    await cloud.create(rolePolicy, "p", { role: made.id, policy: document(allow) });
    expect(await refusalOf(cloud.delete(role, "task", made))).to.include("IAM Role Policy");
  });

  it("knows an identity provider by its address", async () => {
    const inputs = {
      url: "https://token.actions.githubusercontent.com",
      clientIdLists: ["sts.amazonaws.com"],
    };
    const made = await cloud.create(oidc, "github", inputs);
    expect(made.id).to.equal("arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com");
    expect(await refusalOf(cloud.create(oidc, "again", inputs))).to.include("EntityAlreadyExists");
  });
});

describe("policy documents", () => {
  const objections = (purpose: "identity" | "resource" | "trust", text: string, limit?: number) => {
    const result = policyDocument(purpose, limit).safeParse(text);
    return result.success ? [] : result.error.issues.map(({ message }) => message);
  };

  it("are accepted when AWS accepts them", () => {
    expect(objections("identity", document(allow))).to.be.empty;
    expect(objections("trust", document(trust))).to.be.empty;
    expect(objections("resource", document({ ...allow, Principal: "*" }))).to.be.empty;
    const many = { ...allow, Action: ["s3:*", "*"], Resource: ["arn:aws:s3:::b/*"], Condition: {} };
    expect(objections("identity", JSON.stringify({ Statement: many }))).to.be.empty;
  });

  const wrong: [string, "identity" | "resource" | "trust", object, object, string][] = [
    ["no effect", "identity", { Effect: undefined }, {}, "Effect is missing"],
    ["another effect", "identity", { Effect: "allow" }, {}, 'Effect is "allow"'],
    ["no action", "identity", { Action: undefined }, {}, "needs Action or NotAction, and has neither"],
    ["both kinds of action", "identity", { NotAction: "s3:*" }, {}, "has both"],
    ["a malformed action", "identity", { Action: "GetObject" }, {}, '"GetObject" is not an action'],
    ["no resource", "identity", { Resource: [] }, {}, "needs Resource or NotResource"],
    [
      "a resource that is no ARN",
      "identity",
      { Resource: "my-bucket" },
      {},
      'Resource "my-bucket" must be in ARN',
    ],
    ["an unknown element", "identity", { Actions: "s3:*" }, {}, "unknown element Actions"],
    ["an unknown version", "identity", {}, { Version: "2024-01-01" }, 'Version is "2024-01-01"'],
    ["no statement", "identity", {}, { Statement: [] }, "has no Statement"],
    ["a principal", "identity", { Principal: "*" }, {}, "has no Principal"],
    ["no principal", "resource", {}, {}, "needs Principal or NotPrincipal"],
    ["a principal that is nobody", "resource", { Principal: { Service: "ecs" } }, {}, '"Service": "ecs"'],
    ["a resource", "trust", { Principal: "*" }, {}, "a trust policy has no Resource"],
    [
      "any repository on GitHub (GAP-29)",
      "trust",
      {
        Principal: {
          Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        },
        Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
      },
      {},
      "must have a condition on token.actions.githubusercontent.com:sub",
    ],
  ];
  for (const [what, purpose, change, more, message] of wrong) {
    it(`are refused with ${what} (${purpose})`, () => {
      const found = objections(purpose, document({ ...allow, ...change }, more));
      expect(found.join("\n")).to.include("MalformedPolicyDocument").and.to.include(message);
    });
  }

  it("are refused when they are too long, white space not counted", () => {
    const text = document(allow);
    expect(objections("identity", text, text.length)).to.be.empty;
    expect(objections("identity", JSON.stringify(JSON.parse(text), null, 8), text.length)).to.be.empty;
    expect(objections("identity", text, text.length - 1).join()).to.include(`AWS allows ${text.length - 1}`);
  });

  it("never make the check fail by themselves", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((inner) => `{"Statement":${inner}}`),
        ),
        (text) => {
          expect(objections("identity", text)).not.to.be.empty;
        },
      ),
    );
  });
});
