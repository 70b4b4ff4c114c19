// The calls of a check before the first update: the caller, the account's quotas, and its resources.
import { isIssued } from "../models/acm";
import { AwsError } from "../models/model";
import { optIn, regions } from "../models/regions";
import { zone as firstZone } from "../models/route53";
import { serviceLinkedRole, makeServiceLinkedRole } from "../models/serviceLinkedRoles";
import { quota, quotas, type QuotaName } from "../settings";
import { phaseOf } from "../states/phases";
import { arnOf, authorize, type Operations } from "./call";
import { Items } from "./wire";

export const sts: Operations = {
  // AWS allows this call to every caller.
  GetCallerIdentity: (_input, caller) => ({
    Arn: arnOf(caller),
    UserId: caller.role ? `AROAEMBEDDED:${caller.session}` : "AIDAOFFLINE0000000000",
    Account: caller.context.accountId,
  }),
};

export const serviceQuotas: Operations = {
  GetServiceQuota(input, caller) {
    const { context } = caller;
    const [service, code] = [String(input.ServiceCode), String(input.QuotaCode)];
    authorize(
      caller,
      "servicequotas:GetServiceQuota",
      `arn:aws:servicequotas:${context.region}:${context.accountId}:${service}/${code}`,
    );
    const found = Object.entries(quotas).find(([, each]) => each.service === service && each.code === code);
    if (!found)
      throw new AwsError(
        "NoSuchResourceException",
        `The embedded AWS has no quota ${code} of ${service}: list it in packages/embedded-aws/data/quotas.json`,
      );
    return {
      Quota: {
        ...{ ServiceCode: service, QuotaCode: code, QuotaName: found[1].name, Unit: "None" },
        Value: quota(context.settings, found[0] as QuotaName),
        ...{ Adjustable: true, GlobalQuota: false },
        QuotaArn: `arn:aws:servicequotas:${context.region}:${context.accountId}:${service}/${code}`,
      },
    };
  },
};

export const freeTier: Operations = {
  GetAccountPlanState(_input, caller) {
    const { accountId, settings } = caller.context;
    authorize(caller, "freetier:GetAccountPlanState", "*");
    return {
      accountId,
      accountPlanType: settings.plan.toUpperCase(),
      accountPlanStatus: settings.plan === "free" ? "ACTIVE" : "NOT_STARTED",
    };
  },
};

export const ec2: Operations = {
  DescribeRegions(_input, caller) {
    authorize(caller, "ec2:DescribeRegions", "*");
    const items = Object.keys(regions).map((name) => ({
      regionName: name,
      regionEndpoint: `ec2.${name}.amazonaws.com`,
      optInStatus: optIn.includes(name) ? "not-opted-in" : "opt-in-not-required",
    }));
    return { regionInfo: new Items("item", items) };
  },
  DescribeVpcs(_input, caller) {
    authorize(caller, "ec2:DescribeVpcs", "*");
    const items = caller.context.account.list("aws:ec2/vpc:Vpc").map(({ id, outputs }) => ({
      ...{ vpcId: id, cidrBlock: outputs.cidrBlock, state: "available" },
      isDefault: outputs.default === true,
    }));
    return { vpcSet: new Items("item", items) };
  },
  DescribeAddresses(_input, caller) {
    authorize(caller, "ec2:DescribeAddresses", "*");
    const items = caller.context.account
      .list("aws:ec2/eip:Eip")
      .map(({ id, outputs }) => ({ allocationId: id, publicIp: outputs.publicIp }));
    return { addressesSet: new Items("item", items) };
  },
};

export const iam: Operations = {
  GetRole(input, caller) {
    const { context } = caller;
    const name = String(input.RoleName);
    const role = context.account.find("aws:iam/role:Role", "name", name);
    const linked = serviceLinkedRole(name, context);
    const arn = role?.outputs.arn ?? linked?.arn ?? `arn:aws:iam::${context.accountId}:role/${name}`;
    authorize(caller, "iam:GetRole", String(arn));
    if (!role && !linked?.exists)
      throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`);
    return {
      Role: {
        ...{
          RoleName: name,
          Arn: arn,
          Path: linked?.path ?? role?.inputs.path,
          RoleId: "AROAEMBEDDED0000000",
        },
        CreateDate: role?.outputs.createDate ?? "2026-01-01T00:00:00Z",
      },
    };
  },
  CreateServiceLinkedRole(input, caller) {
    const { context } = caller;
    const service = String(input.AWSServiceName);
    const arn = `arn:aws:iam::${context.accountId}:role/aws-service-role/${service}/*`;
    authorize(caller, "iam:CreateServiceLinkedRole", arn, { "iam:AWSServiceName": service });
    const made = makeServiceLinkedRole(service, context);
    return {
      Role: {
        ...{ RoleName: made.name, Arn: made.arn, Path: made.path, RoleId: "AROAEMBEDDED0000000" },
        CreateDate: context.clock.now(),
      },
    };
  },
};

export const ecr: Operations = {
  DescribeImages(input, caller) {
    const { context } = caller;
    const name = String(input.repositoryName);
    const arn = `arn:aws:ecr:${context.region}:${context.accountId}:repository/${name}`;
    authorize(caller, "ecr:DescribeImages", arn);
    if (!context.account.get("aws:ecr/repository:Repository", name)) {
      throw new AwsError(
        "RepositoryNotFoundException",
        `The repository with name '${name}' does not exist in the registry with id '${context.accountId}'`,
      );
    }
    // The embedded AWS holds no images: every tag exists, as it does for tasks.
    const ids = (input.imageIds ?? []) as { imageTag?: string; imageDigest?: string }[];
    return {
      imageDetails: ids.map(({ imageTag, imageDigest }) => ({
        ...{ registryId: context.accountId, repositoryName: name },
        imageDigest: imageDigest ?? `sha256:${"0".repeat(64)}`,
        imageTags: imageTag === undefined ? [] : [imageTag],
      })),
    };
  },
};

export const acm: Operations = {
  DescribeCertificate(input, caller) {
    const { context } = caller;
    const arn = String(input.CertificateArn);
    authorize(caller, "acm:DescribeCertificate", arn);
    const found = context.account.find("aws:acm/certificate:Certificate", "arn", arn);
    if (!found || arn.split(":")[3] !== context.region)
      throw new AwsError("ResourceNotFoundException", `Could not find certificate ${arn}.`);
    const { outputs } = found;
    return {
      Certificate: {
        CertificateArn: arn,
        DomainName: outputs.domainName,
        SubjectAlternativeNames: outputs.subjectAlternativeNames,
        Status: isIssued(found, context)
          ? (phaseOf(found, context.clock.now())?.state ?? "ISSUED")
          : "PENDING_VALIDATION",
        Type: outputs.type,
        KeyAlgorithm: String(outputs.keyAlgorithm).replace("_", "-"),
      },
    };
  },
};

export const route53: Operations = {
  ListHostedZonesByName(input, caller) {
    const { context } = caller;
    authorize(caller, "route53:ListHostedZonesByName", "*");
    const from = input.dnsname === undefined ? undefined : `${String(input.dnsname).replace(/\.$/, "")}.`;
    const made = context.account.list("aws:route53/zone:Zone");
    const zones = [firstZone, ...made.map(({ id, outputs }) => ({ id, name: String(outputs.name) }))]
      .map(({ id, name }) => ({ id, name: `${name.replace(/\.$/, "")}.` }))
      .filter(({ name }) => from === undefined || reversed(name) >= reversed(from))
      .sort((one, other) => (reversed(one.name) < reversed(other.name) ? -1 : 1));
    return {
      HostedZones: new Items(
        "HostedZone",
        zones.map(({ id, name }) => ({
          Id: `/hostedzone/${id}`,
          Name: name,
          CallerReference: id,
          Config: { PrivateZone: false },
        })),
      ),
      DNSName: input.dnsname,
      IsTruncated: false,
      MaxItems: 100,
    };
  },
};

/** Route 53 sorts by the labels from the right. */
const reversed = (name: string) => name.split(".").reverse().join(".");
