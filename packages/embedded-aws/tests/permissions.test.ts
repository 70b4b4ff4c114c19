import { expect } from "chai";
import { models } from "../models/registry";
import { parseNeed } from "../permissions/caller";
import { needsOf, questions } from "../permissions/needs";
import { openCloud, refusalOf, type Cloud } from "./provider/harness";
import { policy, trust } from "./lambda/cloud";

const role = "aws:iam/role:Role";
const topic = "aws:sns/topic:Topic";
const key = "aws:kms/key:Key";

describe("what a call demands of its caller", () => {
  it("is stated for each type, in words that can be read", () => {
    const types = models.values().filter(({ type }) => type.startsWith("aws:"));
    expect(types.map(({ type }) => type).filter((type) => !needsOf(type))).to.deep.equal([]);
    for (const { type } of types) {
      const { create, read, update, delete: remove } = needsOf(type)!;
      expect(create, type).not.to.be.undefined;
      for (const need of [create, read, update, remove].flatMap((list) => list ?? [])) {
        expect(parseNeed(need).action, `${type}: ${need}`).to.match(/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/);
      }
    }
    for (const need of Object.values(questions).flat()) parseNeed(need);
  });

  describe("of a role", () => {
    let administrator: Cloud;
    let deployer: Cloud;
    const clouds: Cloud[] = [];
    const grant = async (name: string, ...statements: object[]) => {
      await administrator.create("aws:iam/rolePolicy:RolePolicy", name, {
        role: "deployer",
        policy: policy(...statements),
      });
    };
    beforeEach(async () => {
      administrator = await openCloud();
      await administrator.create(role, "deployer", { name: "deployer", assumeRolePolicy: trust("lambda") });
      deployer = await openCloud({ home: administrator.home, caller: "deploy*" });
      clouds.push(deployer, administrator);
    });
    afterEach(() => clouds.splice(0).forEach((cloud) => cloud.close()));

    it("is refused in IAM's words where no policy allows it", async () => {
      expect(await refusalOf(deployer.create(topic, "alarms", { name: "alarms" }))).to.match(
        /creating SNS Topic \(alarms\): AccessDenied: User: arn:aws:sts::123456789012:assumed-role\/deployer\/offline is not authorized to perform: sns:CreateTopic on resource: arn:aws:sns:us-east-1:123456789012:alarms because no identity-based policy allows/,
      );
      await administrator.create(topic, "alarms", { name: "alarms" });
    });

    it("is done where policies allow all of it, on that resource", async () => {
      await grant("topics", {
        Action: ["sns:CreateTopic", "sns:GetTopicAttributes"],
        Resource: "arn:aws:sns:*:*:a*",
      });
      expect(await refusalOf(deployer.create(topic, "alarms", { name: "alarms" }))).to.match(
        /sns:ListTagsForResource/,
      );
      await grant("tags", { Action: "sns:ListTagsForResource", Resource: "*" });
      const made = await deployer.create(topic, "alarms", { name: "alarms" });
      expect(await refusalOf(deployer.create(topic, "others", { name: "others" }))).to.match(
        /sns:CreateTopic.*:others/,
      );
      expect(await refusalOf(deployer.delete(topic, "alarms", made))).to.match(/deleting.*sns:DeleteTopic/);
    });

    it("includes passing the role that a function is given", async () => {
      const taskRoleArn = "arn:aws:iam::123456789012:role/tasks";
      await administrator.create(role, "tasks", { name: "tasks", assumeRolePolicy: trust("ecs-tasks") });
      await grant("tasks", { Action: "ecs:*", Resource: "*" });
      const definition = {
        ...{
          family: "web",
          networkMode: "awsvpc",
          requiresCompatibilities: ["FARGATE"],
          cpu: "256",
          memory: "512",
        },
        containerDefinitions: JSON.stringify([{ name: "web", image: "nginx:1" }]),
        taskRoleArn,
      };
      const attempt = () => deployer.create("aws:ecs/taskDefinition:TaskDefinition", "web", definition);
      expect(await refusalOf(attempt())).to.match(
        /iam:PassRole on resource: arn:aws:iam::123456789012:role\/tasks/,
      );
      const passing = (service: string) => ({
        Action: "iam:PassRole",
        Resource: taskRoleArn,
        Condition: { StringEquals: { "iam:PassedToService": service } },
      });
      await grant("pass", passing("lambda.amazonaws.com"));
      expect(await refusalOf(attempt())).to.match(/iam:PassRole/);
      await grant("pass-to-tasks", passing("ecs-tasks.amazonaws.com"));
      await attempt();
    });

    it("includes that KMS would let it change the key's policy again, unless the check is passed by", async () => {
      await grant("keys", {
        Action: ["kms:CreateKey", "kms:DescribeKey", "kms:Get*", "kms:ListResourceTags"],
        Resource: "*",
      });
      const root = { AWS: "arn:aws:iam::123456789012:root" };
      const keyPolicy = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" }],
      });
      expect(await refusalOf(deployer.create(key, "alarms", { policy: keyPolicy }))).to.match(
        /MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future/,
      );
      await deployer.create(key, "plain", {});
      await deployer.create(key, "bypassed", { policy: keyPolicy, bypassPolicyLockoutSafetyCheck: true });
      await administrator.create(key, "administrators", { policy: keyPolicy });
    });

    it("is bounded by the role's permissions boundary", async () => {
      const boundary = await administrator.create("aws:iam/policy:Policy", "boundary", {
        policy: policy({ Action: "sqs:*", Resource: "*" }),
      });
      await administrator.create(role, "bound", {
        name: "bound",
        assumeRolePolicy: trust("lambda"),
        permissionsBoundary: boundary.id,
        inlinePolicies: [{ name: "all", policy: policy({ Action: "*", Resource: "*" }) }],
      });
      const bound = await openCloud({ home: administrator.home, caller: "bound" });
      clouds.unshift(bound);
      expect(await refusalOf(bound.create(topic, "alarms", { name: "alarms" }))).to.match(/sns:CreateTopic/);
    });

    it("needs a role that exists", async () => {
      const nobody = await openCloud({ home: administrator.home, caller: "nobody" });
      clouds.unshift(nobody);
      expect(await refusalOf(nobody.create(topic, "alarms", {}))).to.match(
        /EMBEDDED_AWS_CALLER is "nobody", and no role in the account is called so.*Roles: deployer/,
      );
    });
  });
});
