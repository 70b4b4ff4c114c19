import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { boundEveryRole } from "../../components/permissionsBoundary";
import { boundaryPolicy } from "../../stacks/plan/deploy/boundary";
import { sessionSeconds } from "../../stacks/plan/delivery";
import { deployPermissions, typesWithOwnRules } from "../../stacks/plan/deploy/policies";
import { run } from "../recording/program";
import { everywhere, label, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { allows, type Request } from "../stacks/plan/iam";
import { usedOfManagedPolicies } from "../stacks/plan/managedPolicies";
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
  monthlyBudget: "500",
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
      expect(recording.run.outputs["delivery"]).to.have.all.keys("image", "taskDefinition");
    }));

  it("trusts the same environment at every scale, for no role may change whom it trusts (G-130, G-181, G-183)", () =>
    everywhere((recording) => {
      const [role, ...others] = trusted(recording);
      expect(others).to.be.empty;
      expect(role!.inputs["assumeRolePolicy"]).to.contain(`"repo:octo-org/octo-repo:environment:production"`);
    }, repository));

  it("lives as long as an update with a migration may take", async () => {
    const recording = await record("small", "update", repository);
    expect(trusted(recording)[0]!.inputs["maxSessionDuration"]).to.equal(sessionSeconds);
  });

  it("changes records in the zone of the stack's domain only", async () => {
    const policyOf = async (config: Record<string, string>) =>
      (await record("small", "update", config)).one(types.policy, "chatpop-deploy-domain").inputs["policy"];
    expect(await policyOf(everything)).to.contain("arn:aws:route53:::hostedzone/Z0123456789ABC");
    expect(await policyOf(repository)).not.to.contain("ChangeResourceRecordSets");
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

  it("may make every resource type of the program: a new type needs a row in stacks/plan/deploy", () => {
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

  const boundary = boundaryPolicy({
    accountId: "123456789012",
    region: "us-east-1",
    secretArns: Object.values(JSON.parse(everything.secrets) as Record<string, string>),
  });

  it("contains what the program gives its roles: a new action needs a row in stacks/plan/deploy/boundary.ts", () =>
    everywhere((recording, _scale, mode) => {
      if (mode === "preview") return;
      for (const policy of recording.ofType(types.rolePolicy)) {
        for (const request of requests(String(policy.inputs["policy"]))) {
          expect(allows([boundary], request), `${label(policy)}: ${JSON.stringify(request)}`).to.be.true;
        }
      }
    }, everything));

  it("contains what the program uses of the policies of AWS that it attaches", () =>
    everywhere((recording, _scale, mode) => {
      if (mode === "preview") return;
      const attached = new Set(
        recording.ofType(types.rolePolicyAttachment).map(({ inputs }) => String(inputs["policyArn"])),
      );
      const ofAws = [...attached].filter((arn) => arn.startsWith("arn:aws:iam::aws:policy/"));
      expect(ofAws.map((arn) => arn.split("/").at(-1))).to.have.members(Object.keys(usedOfManagedPolicies));
      for (const [name, used] of Object.entries(usedOfManagedPolicies)) {
        for (const request of used) {
          expect(allows([boundary], request), `${name}: ${request.action}`).to.be.true;
        }
      }
    }, everything));

  it("lets tasks read the secrets that chatpop:secrets names", async () => {
    const recording = await record("small", "update", everything);
    const { inputs } = recording.one(types.policy, "chatpop-boundary");
    expect(inputs["policy"]).to.contain(`"${Object.values(JSON.parse(everything.secrets) as object)[0]}"`);
  });

  it("cannot be put on too late: a role that was made before ends the program", async () => {
    const early = () => {
      new iam.Role("chatpop-early", { assumeRolePolicy: "{}" });
      boundEveryRole("arn:aws:iam::123456789012:policy/boundary", new pulumi.ComponentResource("x:y:Z", "z"));
    };
    const { error } = await run({ config: {}, preview: false, program: early });
    expect(error?.message).to.contain("The role chatpop-early was made before the boundary");
  });
});

/** Requests that a policy of the program allows, with values that fulfil its conditions. */
function requests(policy: string): readonly Request[] {
  interface Statement {
    readonly Action: string | string[];
    readonly Resource: string | string[];
    readonly Condition?: Record<string, Record<string, string>>;
  }
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement[] };
  return statements.flatMap(({ Action, Resource, Condition = {} }) => {
    const context = Object.assign({}, ...Object.values(Condition)) as Record<string, string>;
    return [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource, context })));
  });
}
