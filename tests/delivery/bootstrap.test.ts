import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { deployPolicies, githubHost } from "../../stacks/deploy/policies";
import { temporaryFolders } from "../offline/temporaryFolder";
import { allows } from "../stacks/iam";
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
  Outputs: Record<string, { Value: { Sub: string } }>;
};
const { StateBucket, StateKey, StateBucketPolicy, GitHubIdentityProvider } = template.Resources as Record<
  string,
  Resource
>;
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

  it("loses nothing when it is deleted", () => {
    for (const resource of [StateBucket, StateKey, GitHubIdentityProvider]) {
      expect(resource!.DeletionPolicy, resource!.Type).to.equal("Retain");
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
    expect(template.Outputs["SecretsProvider"]!.Value.Sub).to.contain(`awskms://${alias}?`);
  });
});

describe("make bootstrap", () => {
  const folder = temporaryFolders();

  /** Runs it with a stand-in for the AWS command line that writes down what it is asked. */
  function bootstrap({ provider, stack }: { provider: boolean; stack: boolean }) {
    const [commands, asked] = [folder(), join(folder(), "asked")];
    const script = `#!/bin/sh
echo "$*" >>"${asked}"
case "$*" in
  *get-caller-identity*) echo 123456789012 ;;
  *get-open-id-connect-provider*) exit ${provider ? 0 : 254} ;;
  *BackendUrl*) echo 's3://pulumi-chatpop-123456789012-us-east-1?region=us-east-1' ;;
  *SecretsProvider*) echo 'awskms://alias/chatpop-state?region=us-east-1' ;;
  *describe-stacks*) exit ${stack ? 0 : 254} ;;
esac
`;
    writeFileSync(join(commands, "aws"), script);
    chmodSync(join(commands, "aws"), 0o755);
    const { status, stdout, stderr } = spawnSync(join(project, "delivery", "bootstrap"), {
      encoding: "utf8",
      env: { ...process.env, PATH: `${commands}:${process.env["PATH"]}` },
    });
    expect(status, stderr).to.equal(0);
    expect(existsSync(asked)).to.be.true;
    const deploy = readFileSync(asked, "utf8")
      .split("\n")
      .find((line) => line.startsWith("cloudformation deploy"))!;
    return { deploy, stdout };
  }

  it("makes everything in a new account, and says what to do next", () => {
    const { deploy, stdout } = bootstrap({ provider: false, stack: false });
    expect(deploy).not.to.contain("IdentityProvider");
    expect(stdout)
      .to.contain("PULUMI_BACKEND_URL='s3://pulumi-chatpop-123456789012-us-east-1?region=us-east-1'")
      .and.to.contain("--secrets-provider 'awskms://alias/chatpop-state?region=us-east-1'");
  });

  it("uses the identity provider that an account has already", () => {
    expect(bootstrap({ provider: true, stack: false }).deploy).to.contain("IdentityProvider=existing");
  });

  it("keeps its own identity provider when it is run again", () => {
    expect(bootstrap({ provider: true, stack: true }).deploy).not.to.contain("IdentityProvider");
  });
});
