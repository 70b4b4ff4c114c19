import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { complete } from "../../stacks/plan/complete";
import { deployPolicies, githubHost } from "../../stacks/plan/deploy/policies";
import { parseSettings } from "../../stacks/settings";
import { temporaryFolders } from "../offline/temporaryFolder";
import { allows } from "../stacks/plan/iam";
import { project } from "./workflows";

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Record<string, unknown>;
}

const text = readFileSync(join(project, "delivery", "bootstrap.yaml"), "utf8");
const tag = (name: string) => ({
  tag: `!${name}`,
  resolve: (value: string) => ({ [name]: value }),
});
const list = { tag: "!Equals", collection: "seq" as const, resolve: (value: unknown) => value };
const template = parse(text, { customTags: [tag("Ref"), tag("Sub"), tag("GetAtt"), list] as never }) as {
  Parameters: Record<string, unknown>;
  Resources: Record<string, Resource>;
};
const { StateBucket, StateKey, StateBucketPolicy } = template.Resources;
const { GitHubIdentityProvider } = template.Resources;
const inAccount = (value: string) =>
  value.replaceAll("${AWS::AccountId}", "123456789012").replaceAll("${AWS::Region}", "us-east-1");

describe("the template that prepares an account", () => {
  it("refers only to what it has", () => {
    const known = [...Object.keys(template.Parameters), ...Object.keys(template.Resources)];
    const named = [...text.matchAll(/!(?:Ref|GetAtt) (\w+)|\$\{(?!AWS::)(\w+)/g)].map(
      ([, ref, sub]) => ref ?? sub,
    );
    expect(named).not.to.be.empty;
    for (const name of named) expect(known).to.include(name);
  });

  it("keeps the state private, encrypted, versioned and reachable over TLS only", () => {
    const { Properties: bucket } = StateBucket!;
    expect(bucket["VersioningConfiguration"]).to.deep.equal({ Status: "Enabled" });
    expect(Object.values(bucket["PublicAccessBlockConfiguration"] as object)).to.deep.equal([
      true,
      true,
      true,
      true,
    ]);
    expect(JSON.stringify(bucket["BucketEncryption"])).to.contain("aws:kms").and.to.contain("StateKey.Arn");
    expect(JSON.stringify(StateBucketPolicy!.Properties["PolicyDocument"]))
      .to.contain('"Effect":"Deny"')
      .and.to.contain('"aws:SecureTransport":"false"');
    expect(StateKey!.Properties["EnableKeyRotation"]).to.be.true;
  });

  it("loses nothing when it is deleted, and leaves nothing when it could not be made", () => {
    for (const { DeletionPolicy, Type } of Object.values(template.Resources)) {
      expect(DeletionPolicy, Type).to.equal("RetainExceptOnCreate");
    }
  });

  it("trusts GitHub under the address and for the audience that roles ask for (G-130, GAP-29)", () => {
    expect(GitHubIdentityProvider!.Properties).to.deep.equal({
      Url: `https://${githubHost}`,
      ClientIdList: ["sts.amazonaws.com"],
    });
  });

  it("names bucket and key as the roles that deploy know them", () => {
    const place = { accountId: "123456789012", region: "us-east-1" };
    const documents = Object.values(
      deployPolicies({ ...place, boundaryArn: "arn:aws:iam::123456789012:policy/boundary" }),
    );
    const bucket = inAccount((StateBucket!.Properties["BucketName"] as { Sub: string }).Sub);
    expect(allows(documents, { action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/x` })).to.be.true;
    const alias = template.Resources["StateKeyAlias"]!.Properties["AliasName"] as string;
    const key = { action: "kms:Decrypt", resource: "arn:aws:kms:us-east-1:123456789012:key/1" };
    expect(allows(documents, { ...key, context: { "kms:ResourceAliases": alias } })).to.be.true;
    const script = readFileSync(join(project, "delivery", "bootstrap"), "utf8");
    expect(script).to.contain(`awskms://${alias}?region=`);
    expect(script.replace("$account", "123456789012").replace("$region", "us-east-1")).to.contain(
      `bucket=${bucket}\n`,
    );
  });
});

describe("make bootstrap", () => {
  const folder = temporaryFolders();

  /** Resources of an account before it is prepared. */
  interface Account {
    readonly provider?: boolean;
    /** State of the stack, if there is one. */
    readonly stack?: string;
    readonly bucket?: boolean;
  }

  /** Runs it with a stand-in for the AWS command line that writes down what it is asked. */
  function bootstrap({ provider = false, stack, bucket = false }: Account) {
    const [commands, asked] = [folder(), join(folder(), "asked")];
    const script = `#!/bin/sh
echo "$*" >>"${asked}"
case "$*" in
  *get-caller-identity*) echo 123456789012 ;;
  *get-open-id-connect-provider*) exit ${provider ? 0 : 254} ;;
  *head-bucket\\ --bucket\\ pulumi-chatpop-123456789012-us-east-1) exit ${bucket ? 0 : 254} ;;
  *create-service-linked-role*ecs.amazonaws.com) echo "Service role name AWSServiceRoleForECS has been taken" >&2; exit 254 ;;
  *describe-stacks*) ${stack === undefined ? "exit 254" : `echo ${stack}`} ;;
esac
`;
    writeFileSync(join(commands, "aws"), script);
    chmodSync(join(commands, "aws"), 0o755);
    const { status, stdout, stderr } = spawnSync(join(project, "delivery", "bootstrap"), {
      encoding: "utf8",
      env: { ...process.env, AWS_REGION: "us-east-1", PATH: `${commands}:${process.env["PATH"]}` },
    });
    expect(status, stderr).to.equal(0);
    const calls = readFileSync(asked, "utf8").split("\n");
    const changes = calls.filter((line) => /^cloudformation (deploy|delete-stack|wait)/.test(line));
    return { calls, changes, deploy: changes.at(-1) ?? "", stdout };
  }

  it("makes everything in a new account, and says what to do next", () => {
    const { deploy, stdout } = bootstrap({});
    expect(deploy)
      .to.match(/^cloudformation deploy/)
      .and.not.to.contain("existing");
    expect(stdout)
      .to.contain(
        "PULUMI_BACKEND_URL='s3://pulumi-chatpop-123456789012-us-east-1?region=us-east-1&awssdk=v2'",
      )
      .and.to.contain("--secrets-provider 'awskms://alias/chatpop-state?region=us-east-1'")
      .and.to.contain("pulumi stack output delivery --json --stack small | jq -r .roleArn");
  });

  it("makes the roles of the services, which AWS else makes while it refuses their first use", () => {
    const made = bootstrap({}).calls.filter((line) => line.startsWith("iam create-service-linked-role"));
    const services = made.map((line) => line.split(" ").at(-1)!);
    const document = deployPolicies({
      ...{ accountId: "123456789012", region: "us-east-1" },
      boundaryArn: "arn:aws:iam::123456789012:policy/boundary",
    })["roles"]!;
    for (const service of services) expect(document).to.contain(`"${service}"`);
    expect(services).to.include.members(["ecs.amazonaws.com", "rds.amazonaws.com"]);
  });

  it("uses the identity provider that an account has already", () => {
    expect(bootstrap({ provider: true }).deploy).to.match(/--parameter-overrides IdentityProvider=existing$/);
  });

  it("keeps its own identity provider and bucket when it is run again", () => {
    const { deploy } = bootstrap({ provider: true, bucket: true, stack: "CREATE_COMPLETE" });
    expect(deploy)
      .to.match(/^cloudformation deploy/)
      .and.not.to.contain("existing");
  });

  it("begins anew after a first attempt that failed", () => {
    const { changes } = bootstrap({ stack: "ROLLBACK_COMPLETE" });
    expect(changes.map((line) => line.split(" ")[1])).to.deep.equal(["delete-stack", "wait", "deploy"]);
  });

  it("uses the bucket that a deleted stack has left, and makes no stack of nothing", () => {
    expect(bootstrap({ bucket: true }).deploy).to.match(/--parameter-overrides State=existing$/);
    const { changes, stdout } = bootstrap({ bucket: true, provider: true });
    expect(changes).to.be.empty;
    expect(stdout).to.contain("Account 123456789012 is ready");
  });
});

describe("the commands that make a stack", () => {
  const text = (file: string) => readFileSync(join(project, file), "utf8");
  const pages = ["docs/delivery.md", "docs/from-zero-to-production.md"];

  it("are the same wherever they stand, with the state's bucket and key", () => {
    const [, printed] = /pulumi stack init small (--secrets-provider .*)$/m.exec(text("delivery/bootstrap"))!;
    const [, bucket] = /^backend="(.*)"$/m.exec(text("delivery/bootstrap"))!;
    const general = (line: string) =>
      line
        .replace("$bucket", "pulumi-chatpop-$account-$region")
        .replaceAll("$region", "<region>")
        .replaceAll("$account", "<account>");
    for (const page of pages) {
      const made = [...text(page).matchAll(/^pulumi stack init (\S+)(.*)$/gm)];
      expect(made, page).not.to.be.empty;
      for (const [line] of made) expect(line, page).to.contain(general(printed!));
      expect(text(page)).to.contain(`export PULUMI_BACKEND_URL='${general(bucket!)}'`);
    }
  });

  it("come before every other command with that stack", () => {
    const page = text("docs/from-zero-to-production.md");
    const blocks = [...page.matchAll(/^```sh account\n(.*?)^```$/gms)].map(([, block]) => block!).join("");
    const used = [...blocks.matchAll(/--stack (\w+)/g)];
    expect(used).not.to.be.empty;
    for (const [, stack] of used) {
      const first = blocks.search(new RegExp(`(--stack|--copy-config-from|init) ${stack}\\b`));
      expect(blocks.slice(first), stack).to.match(new RegExp(`^init ${stack}`));
    }
  });

  it("end with a look at what is missing, and an update under the policies, each with an image that is there", () => {
    const page = text("docs/from-zero-to-production.md");
    const blocks = [...page.matchAll(/^```sh account\n(.*?)^```$/gms)].map(([, block]) => block!);
    const made = [...page.matchAll(/^pulumi stack init (\S+) .*--secrets-provider/gm)].map(
      ([, stack]) => stack!,
    );
    expect(made).to.deep.equal(["small", "staging", "production"]);
    for (const stack of made) {
      const own = blocks.filter((block) => block.includes(stack)).join("");
      const image = own.indexOf(`config set chatpop:image `);
      const doctor = own.indexOf(`make doctor STACK=${stack}\n`);
      const update = own.indexOf(`pulumi up --stack ${stack} --policy-pack policy\n`);
      expect([image, doctor, update], stack).to.deep.equal([image, doctor, update].sort((a, b) => a - b));
      expect(image, stack).to.be.above(0);
    }
  });

  it("set nothing that the scale has by itself", () => {
    const page = text("docs/from-zero-to-production.md");
    const scales: Record<string, string> = {};
    for (const [, key, value, stack] of page.matchAll(/config set chatpop:(\w+) (\S+) --stack (\w+)/g)) {
      if (key === "scale") scales[stack!] = value!;
      else {
        const scale = scales[stack!] ?? "small";
        const given = parseSettings({ scale, [key!]: value! });
        expect(JSON.stringify(complete(given)), `${key} ${value}`).to.not.equal(
          JSON.stringify(complete(parseSettings({ scale }))),
        );
      }
    }
  });
});
