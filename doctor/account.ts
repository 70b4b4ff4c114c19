// The checks of the account: read-only calls of the AWS SDK, and one of the AWS CLI.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import {
  DescribeAddressesCommand,
  DescribeRegionsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListHostedZonesByNameCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { regionFault, regions } from "../aws/regions";
import type { Plan } from "../stacks/plan";
import { makeCheckout } from "../stacks/plan/checkout";
import { nearest } from "../stacks/settings/nearest";
import { advised, type Answer, type Check, missing, ok, unknown } from "./check";
import { beyondFreePlan, type QuotaNeed, quotaNeeds, serviceLinkedRoles } from "./needs";

/** Subject of the checks of the account. */
export interface Account {
  /** Decisions of the stack. */
  readonly plan: Plan;
  /** Region of the stack. */
  readonly region: string;
  /** Name of the stack, for remedies. */
  readonly stack: string;
  /** Repository of the stack, if it exists: its resources then exist too, and count in the account's use. */
  readonly repositoryUrl?: string;
}

/** AWS's answer; undefined for one of the error codes that mean "no such resource". */
async function orMissing<T>(question: Promise<T>, ...codes: readonly string[]): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (codes.includes((error as Error).name)) return undefined;
    throw error;
  }
}

async function regionCheck({ region }: Account): Promise<Answer> {
  const fault = regionFault(region);
  if (fault)
    return missing(
      `${region} ${fault}`,
      `pulumi config set aws:region ${nearest(region, regions)[0] ?? "us-east-1"}`,
    );
  const { Regions = [] } = await new EC2Client({ region: "us-east-1" }).send(
    new DescribeRegionsCommand({ RegionNames: [region], AllRegions: true }),
  );
  const found = Regions.find(({ RegionName }) => RegionName === region);
  return found?.OptInStatus === "not-opted-in"
    ? missing(`${region} is not enabled in this account`, `aws account enable-region --region-name ${region}`)
    : ok(region);
}

/** The account's plan by the AWS CLI: the SDK has no client for this service in the npm registry. */
async function planOfAccount(): Promise<string | undefined> {
  const line = ["freetier", "get-account-plan-state", "--region", "us-east-1", "--output", "json"];
  try {
    const { stdout } = await promisify(execFile)("aws", line, { timeout: 60_000 });
    return (JSON.parse(stdout) as { accountPlanType?: string }).accountPlanType;
  } catch {
    return undefined;
  }
}

async function accountPlan({ plan }: Account): Promise<Answer> {
  const refused = beyondFreePlan(plan);
  if (refused.length === 0) return ok("any plan of an account takes it");
  const type = await planOfAccount();
  const upgrade = "aws freetier upgrade-account-plan --account-plan-type PAID --region us-east-1";
  if (type === undefined)
    return unknown(
      `the AWS CLI does not tell; a Free plan would refuse ${refused.join(" and ")}`,
      `aws freetier get-account-plan-state --region us-east-1; on the Free plan: ${upgrade}`,
    );
  return type === "FREE"
    ? missing(`the Free plan refuses ${refused.join(" and ")}`, upgrade)
    : ok("paid plan");
}

async function quotaCheck(account: Account, need: QuotaNeed, ec2: EC2Client): Promise<Answer> {
  const { region, repositoryUrl } = account;
  const { service: ServiceCode, code: QuotaCode } = need;
  const asked = await new ServiceQuotasClient({ region }).send(
    new GetServiceQuotaCommand({ ServiceCode, QuotaCode }),
  );
  const allowed = asked.Quota?.Value ?? 0;
  const there = need.counts ? await counted(ec2, need.counts) : 0;
  // An existing stack's own resources are already counted in `there`.
  const needed = there + (need.counts && repositoryUrl ? 0 : need.needed);
  const says = `${need.name}: ${needed} of ${allowed} (${there > 0 ? `${there} exist; ` : ""}${need.when})`;
  if (needed <= allowed) return ok(says);
  return missing(
    says,
    `aws service-quotas request-service-quota-increase --service-code ${ServiceCode} --quota-code ${QuotaCode} ` +
      `--desired-value ${Math.ceil(needed)} --region ${region}`,
  );
}

async function counted(ec2: EC2Client, what: "vpcs" | "addresses"): Promise<number> {
  if (what === "vpcs") return (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.length ?? 0;
  return (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0;
}

async function linkedRole(RoleName: string, service: string): Promise<Answer> {
  const iam = new IAMClient({ region: "us-east-1" });
  const found = await orMissing(
    iam.send(new GetRoleCommand({ RoleName })),
    "NoSuchEntityException",
    "NoSuchEntity",
  );
  return found
    ? ok(`${service} has its role`)
    : // AWS makes it at the first use, which it may refuse until the role can be taken on (docs/aws.md).
      advised(
        `${service} has no service-linked role yet: AWS makes it in the first update, which may fail once; repeated, it succeeds`,
        `aws iam create-service-linked-role --aws-service-name ${service}`,
      );
}

const inRegistry = /^\d{12}\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/;

async function imageCheck({ plan, repositoryUrl }: Account): Promise<Answer | undefined> {
  const { context, reference } = plan.image;
  if (context) return undefined; // The check of Docker replaces this one.
  const own = /^[:@]/.test(reference);
  if (own && !repositoryUrl && process.env["CHATPOP_COMMAND"])
    return unknown(`${reference} is needed on AWS only: the embedded AWS runs tasks without an image`);
  if (own && !repositoryUrl)
    return missing(
      `${reference} lies in the stack's own repository, which is not there yet`,
      `${makeCheckout("../ChatPop")}, and build it in the update: pulumi config set chatpop:imageContext ../ChatPop (or push it first: docs/from-zero-to-production.md)`,
    );
  const complete = own ? `${repositoryUrl}${reference}` : reference;
  const [, region, repositoryName, imageTag, imageDigest] = inRegistry.exec(complete) ?? [];
  if (!region || !repositoryName)
    return unknown(`${complete} lies outside ECR: whether it is there, only its registry knows`);
  const question = new ECRClient({ region }).send(
    new DescribeImagesCommand({ repositoryName, imageIds: [imageDigest ? { imageDigest } : { imageTag }] }),
  );
  const found = await orMissing(question, "ImageNotFoundException", "RepositoryNotFoundException");
  return found?.imageDetails?.length
    ? ok(complete)
    : missing(`${complete} is not there`, `docker push ${complete}`);
}

async function zoneCheck({ plan: { domain }, stack }: Account): Promise<Answer | undefined> {
  if (!domain?.hostedZone || !("name" in domain.hostedZone)) return undefined;
  const { name } = domain.hostedZone;
  const { HostedZones = [] } = await new Route53Client({ region: "us-east-1" }).send(
    new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: 1 }),
  );
  return HostedZones.some((zone) => zone.Name === `${name}.` && !zone.Config?.PrivateZone)
    ? ok(`${name} is a hosted zone`)
    : missing(
        `there is no public hosted zone ${name} for ${domain.name}`,
        `aws route53 create-hosted-zone --name ${name} --caller-reference chatpop-${stack}, and name its servers at the registrar`,
      );
}

async function certificateCheck({ plan: { domain }, region }: Account): Promise<Answer | undefined> {
  const arn = domain?.certificateArn;
  if (!arn) return undefined;
  const question = new ACMClient({ region }).send(new DescribeCertificateCommand({ CertificateArn: arn }));
  const found = await orMissing(question, "ResourceNotFoundException");
  const status = found?.Certificate?.Status;
  return status === "ISSUED"
    ? ok(`the certificate of ${found?.Certificate?.DomainName} is issued`)
    : missing(
        `the certificate is ${status ?? `not in ${region}`}`,
        `let the program request one: pulumi config rm chatpop:certificateArn`,
      );
}

/** All checks of the account. */
export const accountChecks: readonly Check<Account>[] = [
  { name: "region", ask: regionCheck },
  { name: "account plan", ask: accountPlan },
  ...[
    "Fargate On-Demand vCPU",
    "Fargate Spot vCPU",
    "Elastic IP addresses",
    "VPCs per Region",
    "rules per security group",
  ].map((name): Check<Account> => ({
    name: "quota",
    ask: (account) => {
      const need = quotaNeeds(account.plan).find((each) => each.name === name);
      return need && quotaCheck(account, need, new EC2Client({ region: account.region }));
    },
  })),
  ...Object.entries(serviceLinkedRoles).map(([role, service]): Check<Account> => ({
    name: "role",
    ask: () => linkedRole(role, service),
  })),
  { name: "image", ask: imageCheck },
  { name: "zone", ask: zoneCheck },
  { name: "certificate", ask: certificateCheck },
];
