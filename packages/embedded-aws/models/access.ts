// Access: permissions of functions, policies of registries, users, profiles, zones, and helpers of CloudFront.
import { z } from "zod";
import { AwsError, type Model } from "./model";
import { plain, drawn } from "./part";
import { policyDocument } from "./policyDocument";
import { refusal } from "./refusal";
import { arn, regional, taggable, tags, text } from "./schema";

const iamName = (most: number) =>
  text(new RegExp(`^[\\w+=,.@-]{1,${most}}$`), `a name of at most ${most} letters, digits and + = , . @ _ -`);
const path = text(/^\/([!-~]+\/)?$/, "a path: it begins and ends with a slash").optional();

const permission: Model = plain("aws:lambda/permission:Permission", {
  inputs: regional({
    action: text(/^lambda:(\*|[A-Za-z]+)$/, "an action of Lambda (lambda:InvokeFunction)"),
    eventSourceToken: z.string().optional(),
    function: z.string().min(1),
    functionUrlAuthType: z.enum(["AWS_IAM", "NONE"]).optional(),
    principal: text(
      /^(\*|\d{12}|arn:aws[a-z-]*:iam::\d{12}:.+|[a-z0-9.-]+\.amazonaws\.com(\.cn)?)$/,
      "a principal: a service, an account, or an ARN",
    ),
    principalOrgId: z.string().optional(),
    qualifier: z.string().optional(),
    sourceAccount: text(/^\d{12}$/, "an account of 12 digits").optional(),
    sourceArn: arn().optional(),
    statementId: text(
      /^[A-Za-z0-9_-]{1,100}$/,
      "a statement's id: letters, digits, - and _, at most 100",
    ).optional(),
    statementIdPrefix: z.string().optional(),
  }),
  autoName: { property: "statementId", maxLength: 100, prefixProperty: "statementIdPrefix" },
  unique: [{ property: "statementId", within: ["function"], taken: "ResourceConflictException" }],
  replace: [
    "action",
    "eventSourceToken",
    "function",
    "functionUrlAuthType",
    "principal",
    "principalOrgId",
    "qualifier",
    "sourceAccount",
    "sourceArn",
    "statementId",
  ],
  id: "statementId",
  beforeCreate({ function: named }, { account }) {
    const name = String(named);
    const property = name.startsWith("arn:") ? "arn" : "name";
    if (!account.find("aws:lambda/function:Function", property, name))
      throw new AwsError("ResourceNotFoundException", `Function not found: ${name}`);
  },
});

const repositoryPolicy: Model = plain("aws:ecr/repositoryPolicy:RepositoryPolicy", {
  inputs: regional({
    policy: policyDocument("repository", 10_240),
    repository: z.string(),
  }),
  documents: ["policy"],
  references: [
    {
      path: "repository",
      to: "aws:ecr/repository:Repository",
      by: "name",
      missing: "RepositoryNotFoundException",
      holds: false,
    },
  ],
  replace: ["repository"],
  id: "repository",
  computed: ["registryId"],
  outputs: (_, _id, { accountId }) => ({ registryId: accountId }),
});

const user: Model = plain("aws:iam/user:User", {
  inputs: z.strictObject({
    forceDestroy: z.boolean().optional(),
    name: iamName(64).optional(),
    path,
    permissionsBoundary: arn("iam", "policy/").optional(),
    tags: tags.optional(),
  }),
  autoName: { property: "name", maxLength: 64 },
  defaults: { path: "/", forceDestroy: false },
  unique: [{ property: "name", taken: "EntityAlreadyExists" }],
  replace: [],
  id: "name",
  computed: ["arn", "uniqueId"],
  outputs: ({ path: own }, id, { accountId, hex }, previous) => ({
    arn: `arn:aws:iam::${accountId}:user${String(own ?? "/")}${id}`,
    uniqueId: previous?.["uniqueId"] ?? `AIDA${hex(17).toUpperCase()}`,
  }),
});

const instanceProfile: Model = plain("aws:iam/instanceProfile:InstanceProfile", {
  inputs: z.strictObject({
    name: iamName(128).optional(),
    namePrefix: iamName(102).optional(),
    path,
    role: z.string().optional(),
    tags: tags.optional(),
  }),
  autoName: { property: "name", maxLength: 128, prefixProperty: "namePrefix" },
  defaults: { path: "/" },
  references: [{ path: "role", to: "aws:iam/role:Role", by: "name", missing: "NoSuchEntity" }],
  unique: [{ property: "name", taken: "EntityAlreadyExists" }],
  replace: ["name", "namePrefix", "path"],
  inUse: "DeleteConflict",
  id: "name",
  computed: ["arn", "createDate", "uniqueId"],
  outputs: ({ path: own }, id, { accountId, hex, clock }, previous) => ({
    arn: `arn:aws:iam::${accountId}:instance-profile${String(own ?? "/")}${id}`,
    createDate: previous?.["createDate"] ?? clock.now().toISOString(),
    uniqueId: previous?.["uniqueId"] ?? `AIPA${hex(17).toUpperCase()}`,
  }),
});

const zone: Model = plain("aws:route53/zone:Zone", {
  inputs: z
    .strictObject({
      comment: z.string().max(256).optional(),
      delegationSetId: z.string().optional(),
      forceDestroy: z.boolean().optional(),
      name: text(/^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9-]+\.?$/i, "a domain")
        .max(255)
        .optional(),
      tags: tags.optional(),
      vpcs: z.array(z.strictObject({ vpcId: z.string(), vpcRegion: z.string().optional() })).optional(),
    })
    .superRefine(({ delegationSetId, vpcs, name }, context) => {
      if (name === undefined) refusal(context)("name", "a zone needs a name");
      if (delegationSetId !== undefined && vpcs?.length)
        refusal(context)("delegationSetId", "conflicts with vpcs");
    }),
  defaults: { comment: "Managed by Pulumi", forceDestroy: false },
  replace: ["name", "delegationSetId"],
  references: [{ path: "vpcs.*.vpcId", to: "aws:ec2/vpc:Vpc", missing: "InvalidVPCId" }],
  id: (_, { hex }) => `Z${hex(20).toUpperCase()}`,
  computed: ["arn", "zoneId", "nameServers", "primaryNameServer"],
  outputs: (_, id) => ({
    arn: `arn:aws:route53:::hostedzone/${id}`,
    zoneId: id,
    nameServers: ["ns-1.awsdns-00.com", "ns-2.awsdns-00.net", "ns-3.awsdns-00.org", "ns-4.awsdns-00.co.uk"],
    primaryNameServer: "ns-1.awsdns-00.com",
  }),
  beforeDelete({ id, inputs }, { account }) {
    const records = account.list("aws:route53/record:Record").filter((each) => each.inputs["zoneId"] === id);
    if (records.length > 0 && inputs["forceDestroy"] !== true) {
      throw new AwsError(
        "HostedZoneNotEmpty",
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
      );
    }
  },
});

const edgeFunction: Model = plain("aws:cloudfront/function:Function", {
  inputs: z.strictObject({
    code: z
      .string()
      .min(1)
      .max(10_240, { error: "FunctionSizeLimitExceeded: a function has at most 10240 bytes" }),
    comment: z.string().max(128).optional(),
    keyValueStoreAssociations: z.array(z.string()).max(1).optional(),
    name: text(/^[A-Za-z0-9_-]{1,64}$/, "a function's name: letters, digits, - and _, at most 64").optional(),
    publish: z.boolean().optional(),
    runtime: z.enum(["cloudfront-js-1.0", "cloudfront-js-2.0"]),
  }),
  autoName: { property: "name", maxLength: 64 },
  defaults: { publish: true },
  unique: [{ property: "name", taken: "FunctionAlreadyExists" }],
  replace: ["name"],
  inUse: "FunctionInUse",
  id: "name",
  computed: ["arn", "etag", "liveStageEtag", "status"],
  outputs: (_, id, { accountId, hex }) => ({
    arn: `arn:aws:cloudfront::${accountId}:function/${id}`,
    etag: hex(14).toUpperCase(),
    liveStageEtag: hex(14).toUpperCase(),
    status: "UNASSOCIATED",
  }),
});

const seconds = z.int().min(0).max(31_536_000).optional();
const behavior = <Key extends string>(choices: readonly [string, ...string[]], choice: Key, list: string) =>
  z
    .looseObject({
      [choice]: z.enum(choices),
      [list]: z.strictObject({ items: z.array(z.string()).optional() }).optional(),
    })
    .refine(
      (given) =>
        /^(none|all)$/.test(String(given[choice])) ===
        !(given[list] as { items?: unknown[] } | undefined)?.items?.length,
      { error: `InvalidArgument: ${list} go with whitelist and allExcept, and these need them` },
    );

const cachePolicy: Model = plain("aws:cloudfront/cachePolicy:CachePolicy", {
  inputs: z
    .strictObject({
      comment: z.string().max(128).optional(),
      defaultTtl: seconds,
      maxTtl: seconds,
      minTtl: seconds,
      name: text(/^[A-Za-z0-9_-]{1,128}$/, "a policy's name: letters, digits, - and _").optional(),
      parametersInCacheKeyAndForwardedToOrigin: z.strictObject({
        cookiesConfig: behavior(["none", "whitelist", "allExcept", "all"], "cookieBehavior", "cookies"),
        enableAcceptEncodingBrotli: z.boolean().optional(),
        enableAcceptEncodingGzip: z.boolean().optional(),
        headersConfig: behavior(["none", "whitelist"], "headerBehavior", "headers"),
        queryStringsConfig: behavior(
          ["none", "whitelist", "allExcept", "all"],
          "queryStringBehavior",
          "queryStrings",
        ),
      }),
    })
    .superRefine(({ minTtl = 0, defaultTtl = 86_400, maxTtl = 31_536_000 }, context) => {
      if (minTtl > defaultTtl || defaultTtl > maxTtl)
        refusal(context)(
          "defaultTtl",
          "InvalidArgument: the TTLs must be in the order minTtl, defaultTtl, maxTtl",
        );
    }),
  autoName: { property: "name", maxLength: 128 },
  unique: [{ property: "name", taken: "CachePolicyAlreadyExists" }],
  replace: [],
  inUse: "CachePolicyInUse",
  id: (_, { hex }) => [8, 4, 4, 4, 12].map((digits) => hex(digits)).join("-"),
  computed: ["arn", "etag"],
  outputs: (_, id, { accountId, hex }) => ({
    arn: `arn:aws:cloudfront::${accountId}:cache-policy/${id}`,
    etag: hex(14).toUpperCase(),
  }),
});

const originIdentity: Model = plain("aws:cloudfront/originAccessIdentity:OriginAccessIdentity", {
  inputs: z.strictObject({ comment: z.string().max(128).optional() }),
  replace: [],
  id: (_, context) => drawn("E", 13)(_, context).toUpperCase(),
  computed: ["arn", "callerReference", "cloudfrontAccessIdentityPath", "etag", "iamArn", "s3CanonicalUserId"],
  outputs: (_, id, { accountId, hex }, previous) => ({
    arn: `arn:aws:cloudfront::${accountId}:origin-access-identity/${id}`,
    callerReference: previous?.["callerReference"] ?? hex(20),
    cloudfrontAccessIdentityPath: `origin-access-identity/cloudfront/${id}`,
    etag: previous?.["etag"] ?? hex(14).toUpperCase(),
    iamArn: `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${id}`,
    s3CanonicalUserId: previous?.["s3CanonicalUserId"] ?? hex(64),
  }),
});

const defaultVpc: Model = plain("aws:ec2/defaultVpc:DefaultVpc", {
  inputs: taggable({
    enableDnsHostnames: z.boolean().optional(),
    enableDnsSupport: z.boolean().optional(),
    forceDestroy: z.boolean().optional(),
  }),
  replace: [],
  id: (_, { account }) => String(account.find("aws:ec2/vpc:Vpc", "default", true)?.id),
  computed: ["arn", "cidrBlock", "mainRouteTableId", "defaultSecurityGroupId", "existingDefaultVpc"],
  outputs: (_, id, { account }) => {
    const {
      arn: own,
      cidrBlock,
      mainRouteTableId,
      defaultSecurityGroupId,
    } = account.get("aws:ec2/vpc:Vpc", id)?.outputs ?? {};
    return { arn: own, cidrBlock, mainRouteTableId, defaultSecurityGroupId, existingDefaultVpc: true };
  },
});

export const models: readonly Model[] = [
  ...[permission, repositoryPolicy, user, instanceProfile, zone],
  ...[edgeFunction, cachePolicy, originIdentity, defaultVpc],
];
