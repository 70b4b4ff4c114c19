// Storage: images, logs and secrets.
import { expect } from "chai";
import type { Properties } from "../../models/model";
import { currentValue } from "../../models/secretsManager";
import { imageKind } from "../../models/ecr";
import { modelOf, refuses, World } from "./world";

describe("ECR repository", () => {
  refuses(
    "ecr/repository",
    () => ({
      name: "team/chatpop-app",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    }),
    [
      ["upper case", { name: "ChatPop" }, /lower-case/],
      ["a slash at the end", { name: "chatpop/" }, /repository's name/],
      ["one letter", { name: "c" }, /at least 2/],
      ["a mutability that does not exist", { imageTagMutability: "FIXED" }, /imageTagMutability/],
      [
        "a key without KMS",
        {
          encryptionConfigurations: [
            { encryptionType: "AES256", kmsKey: "arn:aws:kms:us-east-1:123456789012:key/1" },
          ],
        },
        /kmsKey needs encryptionType KMS/,
      ],
      [
        "exclusions without mutability for them",
        { imageTagMutabilityExclusionFilters: [{ filter: "dev*", filterType: "WILDCARD" }] },
        /go together/,
      ],
    ],
  );

  it("keeps images unless told otherwise", () => {
    const world = new World();
    const repository = world.create("ecr/repository", { name: "chatpop" });
    expect(repository.outputs.repositoryUrl).to.equal("123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop");
    expect(() => world.create("ecr/repository", { name: "chatpop" })).to.throw(
      /RepositoryAlreadyExistsException/,
    );
    world.traces.push({ kind: imageKind, name: `${String(repository.outputs.repositoryUrl)}:1` });
    expect(() => world.remove(repository)).to.throw(/RepositoryNotEmptyException/);
    world.remove(world.update(repository, { forceDelete: true }));
  });
});

describe("ECR lifecycle policy", () => {
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
    action: { type: "expire" },
  };
  const rules = (...list: Properties[]) => ({ policy: JSON.stringify({ rules: list }) });
  const selecting = (change: Properties) => rules({ ...rule, selection: { ...rule.selection, ...change } });
  const accepted = (world: World) => ({
    repository: world.create("ecr/repository", { name: "chatpop" }).id,
    ...rules(rule),
  });
  refuses("ecr/lifecyclePolicy", accepted, [
    ["a repository that does not exist", { repository: "none" }, /RepositoryNotFoundException/],
    ["text that is no JSON", { policy: "expire" }, /LifecyclePolicyText/],
    ["tagged without tags", selecting({ tagStatus: "tagged" }), /tagStatus tagged go together/],
    [
      "days for a count of images",
      selecting({ countType: "imageCountMoreThan" }),
      /countUnit goes with sinceImage/,
    ],
    ["a priority twice", rules(rule, rule), /used twice/],
    [
      "any before others",
      rules({ ...rule, selection: { ...rule.selection, tagStatus: "any" } }, { ...rule, rulePriority: 2 }),
      /highest priority number/,
    ],
    ["an unknown field", rules({ ...rule, enabled: true }), /enabled/],
  ]);
});

describe("log group", () => {
  refuses("cloudwatch/logGroup", () => ({ name: "/ecs/chatpop", retentionInDays: 30 }), [
    ["a retention that does not exist", { retentionInDays: 31 }, /31 days is not one of 0, 1, 3/],
    ["a blank in the name", { name: "chat pop" }, /log group's name/],
    ["a name of AWS", { name: "aws/chatpop" }, /not beginning with aws/],
    ["an unknown class", { logGroupClass: "CHEAP" }, /logGroupClass/],
  ]);

  it("takes a name once, guards its deletion, and stays when told to", () => {
    const world = new World();
    const created = world.create("cloudwatch/logGroup", {
      name: "/ecs/chatpop",
      deletionProtectionEnabled: true,
    });
    expect(created.outputs.arn).to.equal("arn:aws:logs:us-east-1:123456789012:log-group:/ecs/chatpop");
    expect(() => world.create("cloudwatch/logGroup", { name: "/ecs/chatpop" })).to.throw(
      /ResourceAlreadyExistsException/,
    );
    expect(() => world.remove(created)).to.throw(/deletion protection/);
    world.remove(world.update(created, { deletionProtectionEnabled: false, skipDestroy: true }));
    expect(() => world.create("cloudwatch/logGroup", { name: "/ecs/chatpop" })).to.throw(
      /kept by skipDestroy/,
    );
  });
});

describe("metric filter", () => {
  const metricTransformation = { namespace: "ChatPop", name: "LostMessages", value: "1" };
  const sensible = (world: World) => {
    world.create("cloudwatch/logGroup", { name: "/ecs/chatpop" });
    return { name: "lost", logGroupName: "/ecs/chatpop", pattern: '"lost"', metricTransformation };
  };
  refuses("cloudwatch/logMetricFilter", sensible, [
    ["a group that is not there", { logGroupName: "/ecs/gone" }, /ResourceNotFoundException/],
    [
      "a value that is neither a number nor a field",
      { metricTransformation: { ...metricTransformation, value: "lost" } },
      /is not a number, or a field/,
    ],
    [
      "a colon in the metric's name",
      { metricTransformation: { ...metricTransformation, name: "Lost:Messages" } },
      /a metric's name/,
    ],
  ]);
});

describe("secret", () => {
  refuses("secretsmanager/secret", () => ({ name: "chatpop/db", recoveryWindowInDays: 7 }), [
    ["a blank in the name", { name: "chat pop" }, /secret's name/],
    ["three days of recovery", { recoveryWindowInDays: 3 }, /neither 0 .* nor between 7 and 30/],
    ["31 days of recovery", { recoveryWindowInDays: 31 }, /between 7 and 30/],
    ["a policy that is no JSON", { policy: "{" }, /invalid JSON/],
  ]);

  it("keeps its name while it can be recovered", () => {
    const world = new World();
    const first = world.create("secretsmanager/secret", { name: "chatpop/db" });
    expect(first.outputs.arn).to.match(
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:chatpop\/db-[0-9a-f]{6}$/,
    );
    expect(() => world.create("secretsmanager/secret", { name: "chatpop/db" })).to.throw(
      /ResourceExistsException/,
    );
    world.remove(first);
    expect(() => world.create("secretsmanager/secret", { name: "chatpop/db" })).to.throw(
      /InvalidRequestException.*already scheduled for deletion/,
    );
    const [trace] = world.traces.splice(0);
    world.traces.push({ ...trace!, until: "2020-01-01T00:00:00Z" });
    const second = world.create("secretsmanager/secret", { name: "chatpop/db", recoveryWindowInDays: 0 });
    world.remove(second);
    world.create("secretsmanager/secret", { name: "chatpop/db" });
  });

  it("holds its newest version's text, encrypted on disk", () => {
    const world = new World();
    const { id } = world.create("secretsmanager/secret", { name: "chatpop/db" });
    expect(currentValue(id, world.context)).to.equal(undefined);
    for (const secretString of ["old", "new"])
      world.create("secretsmanager/secretVersion", { secretId: id, secretString });
    expect(currentValue(id, world.context)).to.equal("new");
    expect(modelOf("secretsmanager/secretVersion").sensitive).to.include("secretString");
    expect(modelOf("rds/instance").sensitive).to.include("password");
    expect(modelOf("elasticache/replicationGroup").sensitive).to.include("authToken");
    expect(modelOf("acm/certificate").sensitive).to.include("privateKey");
  });

  const accepted = (world: World) => ({
    secretId: world.create("secretsmanager/secret", { name: "chatpop/db" }).id,
    secretString: "x",
  });
  refuses("secretsmanager/secretVersion", accepted, [
    ["a secret that does not exist", { secretId: "none" }, /ResourceNotFoundException/],
    ["no value", { secretString: undefined }, /exactly one/],
    ["two values", { secretBinary: "eA==" }, /exactly one/],
    ["more than 64 KiB", { secretString: "x".repeat(65537) }, /65536/],
  ]);
});
