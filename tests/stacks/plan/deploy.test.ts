import { expect } from "chai";
import { serviceLinkedRoles } from "../../../doctor/needs";
import { boundaryPolicy } from "../../../stacks/plan/deploy/boundary";
import { deployPermissions, deployPolicies, githubTrust } from "../../../stacks/plan/deploy/policies";
import { askedOfCallers } from "./askedOfCallers";
import { allows } from "./iam";

const place = { accountId: "123456789012", region: "us-east-1" };
const own = (kind: string, name: string) => `arn:aws:iam::${place.accountId}:${kind}/${name}`;
const boundary = own("policy", "chatpop-boundary-1a2b3c4");
const zoneId = "Z0123456789ABC";
const documents = Object.values(deployPolicies({ ...place, boundaryArn: boundary, zoneId }));
const secretArn = `arn:aws:secretsmanager:us-east-1:${place.accountId}:secret:stripe-a1B2c3`;
const boundaryDocument = boundaryPolicy({ ...place, secretArns: [secretArn] });
const may = (action: string, resource: string, context: Record<string, string> = {}) =>
  allows(documents, { action, resource, context: { "aws:RequestedRegion": place.region, ...context } });
const bounded = { "iam:PermissionsBoundary": boundary };

describe("what a deployment from GitHub may do", () => {
  it("fits into IAM's managed policies", () => {
    for (const document of [...documents, boundaryDocument]) expect(document.length).to.be.at.most(6_144);
    expect(documents.length).to.be.at.most(10);
  });

  for (const { call, asks, on, source } of askedOfCallers) {
    it(`covers what AWS asks of the caller of ${call}`, () => {
      expect(documents.join("\n")).to.contain(`"${call}"`);
      for (const action of asks) expect(may(action, on), `${action}: ${source}`).to.be.true;
    });
  }

  it("reaches what the program's names begin, in the stack's region and account", () => {
    const database = (name: string, region = place.region) =>
      `arn:aws:rds:${region}:${place.accountId}:db:${name}`;
    expect(may("rds:DeleteDBInstance", database("chatpop-db-1a2b3c4"))).to.be.true;
    expect(may("rds:DeleteDBInstance", database("payroll"))).to.be.false;
    expect(may("rds:DeleteDBInstance", database("chatpop-db-1a2b3c4", "eu-west-1"))).to.be.false;
    expect(may("ec2:DeleteVpc", "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1")).to.be.true;
    expect(
      may("ec2:DeleteVpc", "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1", {
        "aws:RequestedRegion": "eu-west-1",
      }),
    ).to.be.false;
  });

  it("reaches another region for copies of backups alone", () => {
    const elsewhere = { "aws:RequestedRegion": "us-west-2" };
    const vault = (name: string) => `arn:aws:backup:us-west-2:${place.accountId}:backup-vault:${name}`;
    expect(may("backup:CreateBackupVault", vault("chatpop-backup-copy-1a2b3c4"), elsewhere)).to.be.true;
    expect(may("backup:DeleteBackupVault", vault("payroll"), elsewhere)).to.be.false;
    expect(may("rds:DescribeDBInstances", "*", elsewhere)).to.be.false;
  });

  it("empties the vaults of a disposable stack, whose recovery points are snapshots of RDS", () => {
    const snapshot = (name: string) => `arn:aws:rds:us-west-2:${place.accountId}:snapshot:${name}`;
    const elsewhere = { "aws:RequestedRegion": "us-west-2" };
    expect(may("backup:DeleteRecoveryPoint", snapshot("awsbackup:job-1"), elsewhere)).to.be.true;
    expect(may("backup:DeleteRecoveryPoint", snapshot("chatpop-db-final-1"), elsewhere)).to.be.false;
  });

  it("asks what make doctor asks, before an update", () => {
    const global = { "aws:RequestedRegion": "us-east-1" };
    const quota = `arn:aws:servicequotas:us-east-1:${place.accountId}:fargate/L-3032A538`;
    expect(may("servicequotas:GetServiceQuota", quota)).to.be.true;
    for (const action of ["freetier:GetAccountPlanState", "route53:ListHostedZonesByName"])
      expect(may(action, "*", global), action).to.be.true;
    const elsewhere = { ...place, region: "eu-west-1", boundaryArn: boundary };
    expect(
      allows(Object.values(deployPolicies(elsewhere)), {
        ...{ action: "ec2:DescribeRegions", resource: "*", context: global },
      }),
    ).to.be.true;
    for (const role of Object.keys(serviceLinkedRoles))
      expect(may("iam:GetRole", own("role", `aws-service-role/x.amazonaws.com/${role}`))).to.be.true;
    expect(may("iam:GetRole", own("role", "payroll"))).to.be.false;
  });

  it("pushes images into the program's repositories only (G-131)", () => {
    const repository = (name: string) => `arn:aws:ecr:us-east-1:${place.accountId}:repository/${name}`;
    expect(may("ecr:PutImage", repository("chatpop-backend-1a2b3c4"))).to.be.true;
    expect(may("ecr:PutImage", repository("other"))).to.be.false;
    expect(may("ecr:GetAuthorizationToken", "*")).to.be.true;
    expect(may("s3:PutBucketPolicy", "arn:aws:s3:::chatpop-media-1a2b3c4")).to.be.true;
    expect(may("s3:PutBucketPolicy", "arn:aws:s3:::other")).to.be.false;
    expect(may("s3:GetObject", "arn:aws:s3:::chatpop-media-1a2b3c4/voice/1.webm")).to.be.false;
  });

  it("changes addresses and proofs in the stack's zone, and neither mail nor delegation (G-51)", () => {
    const change = (type: string, zone = zoneId, policies = documents) =>
      allows(policies, {
        action: "route53:ChangeResourceRecordSets",
        resource: `arn:aws:route53:::hostedzone/${zone}`,
        context: { "route53:ChangeResourceRecordSetsRecordTypes": type },
      });
    expect(["A", "CNAME"].filter((type) => change(type))).to.deep.equal(["A", "CNAME"]);
    expect(["MX", "NS", "TXT", "CAA"].filter((type) => change(type))).to.be.empty;
    expect(change("A", "Z0OTHER")).to.be.false;
    const withoutDomain = Object.values(deployPolicies({ ...place, boundaryArn: boundary }));
    expect(change("A", zoneId, withoutDomain)).to.be.false;
    expect(may("route53:DeleteHostedZone", "arn:aws:route53:::hostedzone/Z0123456789ABC")).to.be.false;
  });

  it("takes its own web firewall off, and from its own load balancer only", () => {
    const acl = (name: string) => `arn:aws:wafv2:us-east-1:${place.accountId}:regional/webacl/${name}/1`;
    const loadBalancer = (name: string) =>
      `arn:aws:elasticloadbalancing:us-east-1:${place.accountId}:loadbalancer/app/${name}/1`;
    expect(may("wafv2:GetWebACLForResource", acl("chatpop-firewall-1a2b3c4"))).to.be.true;
    expect(may("wafv2:AssociateWebACL", acl("other"))).to.be.false;
    // AWS asks for both.
    expect(may("wafv2:DisassociateWebACL", "*")).to.be.true;
    expect(may("elasticloadbalancing:SetWebACL", loadBalancer("chatpop-alb-1a2b3c4"))).to.be.true;
    expect(may("elasticloadbalancing:SetWebACL", loadBalancer("other"))).to.be.false;
  });

  it("creates, changes and deletes roles under the boundary only", () => {
    const role = own("role", "chatpop-task-1a2b3c4");
    for (const action of [
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:AttachRolePolicy",
      "iam:UpdateRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:DeleteRole",
    ]) {
      expect(may(action, role, bounded), action).to.be.true;
      expect(may(action, role), action).to.be.false;
      expect(may(action, role, { "iam:PermissionsBoundary": own("policy", "mine") }), action).to.be.false;
      expect(may(action, own("role", "admin"), bounded), action).to.be.false;
    }
    expect(may("iam:DeleteRolePermissionsBoundary", role, bounded)).to.be.false;
  });

  it("changes neither itself nor the boundary, by no action of the table", () => {
    const actions = JSON.stringify(documents).match(/iam:\w+/g)!;
    const change = actions.filter((action) => !/^iam:(Get|List)/.test(action));
    const others = ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"];
    for (const action of [...change, ...others]) {
      for (const [kind, name] of [
        ["role", "chatpop-deploy-1a2b3c4"],
        ["policy", "chatpop-deploy-roles-1a2b3c4"],
        ["policy", "chatpop-boundary-1a2b3c4"],
      ] as const) {
        expect(may(action, own(kind, name), { ...bounded, "iam:PassedToService": "ecs-tasks.amazonaws.com" }))
          .to.be.false;
      }
    }
  });

  it("hands roles to the services that the program uses, and to no others", () => {
    const pass = (service: string) =>
      may("iam:PassRole", own("role", "chatpop-task-1a2b3c4"), { "iam:PassedToService": service });
    expect(pass("ecs-tasks.amazonaws.com")).to.be.true;
    expect(pass("scheduler.amazonaws.com")).to.be.true;
    expect(pass("ec2.amazonaws.com")).to.be.false;
  });

  it("makes no users, keys or identity providers (GAP-29)", () => {
    for (const action of ["iam:CreateUser", "iam:CreateAccessKey", "iam:CreateOpenIDConnectProvider"]) {
      expect(may(action, own("user", "chatpop-x"), bounded), action).to.be.false;
    }
  });

  it("keeps its state under the bootstrap's key, and reads no other bucket or key", () => {
    const state = "arn:aws:s3:::pulumi-chatpop-123456789012-us-east-1/.pulumi/stacks/chatpop/small.json";
    const key = "arn:aws:kms:us-east-1:123456789012:key/1";
    expect(may("s3:PutObject", state)).to.be.true;
    for (const action of ["s3:DeleteBucket", "s3:DeleteObjectVersion", "s3:PutBucketPolicy"]) {
      expect(may(action, state), action).to.be.false;
      expect(may(action, state.split("/")[0]!), action).to.be.false;
    }
    expect(may("s3:PutObject", "arn:aws:s3:::media/x")).to.be.false;
    expect(may("kms:Decrypt", key, { "kms:ResourceAliases": "alias/chatpop-state" })).to.be.true;
    expect(may("kms:Decrypt", key, { "kms:ResourceAliases": "alias/payroll" })).to.be.false;
    expect(may("kms:Decrypt", key)).to.be.false;
  });

  it("allows no service as a whole", () => {
    const wide = documents.flatMap((text) => text.match(/"[\w-]+:\*"/g) ?? []);
    expect(wide).to.be.empty;
  });

  it("names no action twice for a type", () => {
    for (const services of Object.values(deployPermissions)) {
      for (const { types } of Object.values(services)) {
        for (const [type, actions] of Object.entries(types)) {
          expect(new Set(actions).size, type).to.equal(actions.length);
        }
      }
    }
  });
});

describe("the most that a role of a stack with a pipeline may do", () => {
  const most = (action: string, resource: string, context: Record<string, string> = {}) =>
    allows([boundaryDocument], { action, resource, context });
  const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:${place.accountId}:${name}`;

  it("reads the stack's secrets and those of chatpop:secrets, and no others", () => {
    const read = (name: string) =>
      most("secretsmanager:GetSecretValue", arn("secretsmanager", `secret:${name}`));
    expect(read("chatpop-db-password-1a2b3c4")).to.be.true;
    expect(read("stripe-a1B2c3")).to.be.true;
    expect(read("payroll-a1B2c3")).to.be.false;
  });

  it("reaches the stack's buckets, and neither Pulumi's state nor others'", () => {
    for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]) {
      expect(most(action, "arn:aws:s3:::chatpop-media-1a2b3c4/voice/1.webm"), action).to.be.true;
      expect(most(action, "arn:aws:s3:::pulumi-chatpop-123456789012-us-east-1/.pulumi/x"), action).to.be
        .false;
      expect(most(action, "arn:aws:s3:::payroll/x"), action).to.be.false;
    }
    expect(most("s3:ListBucket", "arn:aws:s3:::payroll")).to.be.false;
  });

  it("deletes snapshots of AWS Backup, and none that somebody made", () => {
    expect(most("rds:DeleteDBSnapshot", arn("rds", "snapshot:awsbackup:job-1"))).to.be.true;
    expect(most("rds:DeleteDBSnapshot", arn("rds", "snapshot:before-the-migration"))).to.be.false;
    expect(most("rds:CreateDBSnapshot", arn("rds", "db:payroll"))).to.be.false;
  });

  it("grants keys to services of AWS only, and decrypts nothing but secrets", () => {
    const key = arn("kms", "key/1");
    expect(most("kms:CreateGrant", key, { "kms:GrantIsForAWSResource": "true" })).to.be.true;
    expect(most("kms:CreateGrant", key, { "kms:GrantIsForAWSResource": "false" })).to.be.false;
    expect(most("kms:CreateGrant", key)).to.be.false;
    const decrypt = (service: string) =>
      most("kms:Decrypt", key, { "kms:ViaService": `${service}.us-east-1.amazonaws.com` });
    expect(decrypt("secretsmanager")).to.be.true;
    expect(decrypt("s3")).to.be.false;
    expect(most("kms:Decrypt", key)).to.be.false;
  });

  it("runs the stack's own tasks, and hands their roles to nothing but ECS", () => {
    const role = own("role", "chatpop-task-1a2b3c4");
    expect(most("ecs:RunTask", arn("ecs", "task-definition/payroll:1"))).to.be.false;
    expect(most("iam:PassRole", role, { "iam:PassedToService": "ecs-tasks.amazonaws.com" })).to.be.true;
    expect(most("iam:PassRole", role, { "iam:PassedToService": "lambda.amazonaws.com" })).to.be.false;
    expect(most("iam:PassRole", own("role", "admin"), { "iam:PassedToService": "ecs-tasks.amazonaws.com" }))
      .to.be.false;
  });

  it("writes and reads the stack's logs only", () => {
    expect(most("logs:GetLogEvents", arn("logs", "log-group:/ecs/chatpop-backend-1:log-stream:x"))).to.be
      .true;
    expect(most("logs:GetLogEvents", arn("logs", "log-group:/ecs/payroll:log-stream:x"))).to.be.false;
  });

  it("changes no role", () => {
    const actions = boundaryDocument.match(/iam:\w+(?=")/g)!;
    expect(new Set(actions)).to.deep.equal(new Set(["iam:PassRole", "iam:PassedToService"]));
  });
});

describe("who may deploy from GitHub", () => {
  it("are jobs of one repository and one environment, by an exact comparison (G-130, GAP-29)", () => {
    const [statement] = (
      JSON.parse(githubTrust("octo-org/octo-repo", "production", place.accountId)) as {
        Statement: Record<string, unknown>[];
      }
    ).Statement;
    expect(statement).to.deep.equal({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: own("oidc-provider", "token.actions.githubusercontent.com") },
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:environment:production",
        },
      },
    });
  });
});
