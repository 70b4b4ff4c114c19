import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { boundaryPolicy } from "../../stacks/deploy/boundary";
import { deployPermissions, typesWithOwnRules } from "../../stacks/deploy/policies";
import { everywhere, label, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { allows } from "../stacks/iam";
import { mediaDistribution } from "../signingKey";

const repository = { deployRepository: "octo-org/octo-repo" };
/** Every part of the program that a setting turns on. */
const everything = {
  ...repository,
  databaseProxy: "true",
  readReplicas: "1",
  requestsPerTarget: "1000",
  egress: "nat",
  backupCopyRegion: "us-west-2",
  executeCommand: "true",
  domain: "chat.example.com",
  webFirewall: "true",
  accessLogs: "true",
  outbox: "true",
  scheduledCommands: `{"clearsessions":{"command":"python manage.py clearsessions","schedule":"rate(1 day)"}}`,
  alarmEmail: "on-call@example.com",
  ...mediaDistribution,
};

/** Every AWS resource type that a component can make, whatever the settings: `new ec2.Vpc(` is `aws:ec2/vpc:Vpc`. */
function typesInComponents(): readonly string[] {
  const folder = join(__dirname, "..", "..", "components");
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return [...text.matchAll(/import \* as (\w+) from "(@pulumi\/aws\/\w+)"/g)].flatMap(
      ([, name, module]) => {
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const classes = require(module!) as Record<string, { readonly __pulumiType: string }>;
        const made = text.matchAll(new RegExp(`new ${name}\\.(\\w+)\\(`, "g"));
        return [...made].map(([, each]) => classes[each!]!.__pulumiType);
      },
    );
  });
}

const trusted = (recording: Recording) =>
  recording
    .ofType(types.role)
    .filter(({ inputs }) => String(inputs["assumeRolePolicy"]).includes("WebIdentity"));

describe("the role that deploys from GitHub", () => {
  it("is made only when a repository is named", () =>
    everywhere((recording) => {
      expect(trusted(recording)).to.be.empty;
      expect(recording.ofType(types.policy)).to.be.empty;
      expect(recording.run.outputs["delivery"]).to.have.all.keys("image");
    }));

  it("trusts staging at the small scale and production at the others (G-130, G-181, G-183)", () =>
    everywhere((recording, scale) => {
      const [role, ...others] = trusted(recording);
      expect(others).to.be.empty;
      const environment = scale === "small" ? "staging" : "production";
      expect(role!.inputs["assumeRolePolicy"]).to.contain(
        `"repo:octo-org/octo-repo:environment:${environment}"`,
      );
    }, repository));

  it("lives as long as an update with a migration", async () => {
    const recording = await record("small", "update", repository);
    expect(trusted(recording)[0]!.inputs["maxSessionDuration"]).to.equal(7_200);
  });

  it("has every policy attached", async () => {
    const recording = await record("small", "update", repository);
    const attached = recording
      .ofType(types.rolePolicyAttachment)
      .filter((each) => recording.namesOf(each, "role").includes("chatpop-deploy"))
      .flatMap((each) => recording.namesOf(each, "policyArn", types.policy));
    const policies = recording.ofType(types.policy).map(({ name }) => name);
    expect(attached).to.have.members(policies.filter((name) => name !== "chatpop-boundary"));
  });

  it("may make every resource type of the program: a new type needs a row in stacks/deploy", () => {
    const rows = Object.values(deployPermissions).flatMap((services) =>
      Object.values(services).flatMap((row) => Object.keys(row.types)),
    );
    const made = new Set(typesInComponents());
    expect(made).to.include("aws:ec2/vpc:Vpc").and.to.include("aws:ecs/service:Service");
    expect([...made].filter((type) => ![...rows, ...typesWithOwnRules].includes(type))).to.be.empty;
  });
});

describe("the boundary of a stack that GitHub deploys", () => {
  it("is on every role but the one that deploys", () =>
    everywhere((recording) => {
      for (const role of recording.ofType(types.role)) {
        const boundary = recording.namesOf(role, "permissionsBoundary");
        expect(boundary, label(role)).to.deep.equal(
          role.name === "chatpop-deploy" ? [] : ["chatpop-boundary"],
        );
      }
    }, everything));

  it("contains what the program gives its roles: a new action needs a row in stacks/deploy/boundary.ts", () =>
    everywhere((recording, _scale, mode) => {
      if (mode === "preview") return;
      const boundary = boundaryPolicy({ accountId: "123456789012", region: "us-east-1" });
      for (const policy of recording.ofType(types.rolePolicy)) {
        const { Statement } = JSON.parse(String(policy.inputs["policy"])) as {
          Statement: { Action: string | string[]; Resource: string | string[] }[];
        };
        for (const { Action, Resource } of Statement) {
          for (const action of [Action].flat()) {
            for (const resource of [Resource].flat()) {
              expect(allows([boundary], { action, resource }), `${label(policy)}: ${action}`).to.be.true;
            }
          }
        }
      }
    }, everything));

  it("does not let its roles change roles", () => {
    const boundary = boundaryPolicy({ accountId: "123456789012", region: "us-east-1" });
    const resource = "arn:aws:iam::123456789012:role/chatpop-task-1a2b3c4";
    for (const action of ["iam:PutRolePolicy", "iam:CreateRole", "iam:DeleteRolePermissionsBoundary"]) {
      expect(allows([boundary], { action, resource }), action).to.be.false;
    }
  });
});
