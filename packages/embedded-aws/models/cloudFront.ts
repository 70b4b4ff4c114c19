// CloudFront: distributions, their access to origins, and their trusted keys. All of it is global.
import { createPublicKey } from "node:crypto";
import { z } from "zod";
import { isIssued } from "./acm";
import { behavior, errorPage, orderedBehavior, originServer } from "./cloudFrontBehaviors";
import { requirePolicies } from "./cloudFrontPolicies";
import { AwsError, type Context, type Model } from "./model";
import { refusal } from "./refusal";
import { arn, tags, text } from "./schema";

const name = text(/^[\w.-]{1,128}$/, "a name: letters, digits and . _ -, at most 128");
const drawId = ({ hex }: Context) => `E${hex(13).toUpperCase()}`;
const etag = ({ hex }: Context) => `E${hex(12).toUpperCase()}`;

const originAccessControl: Model = {
  type: "aws:cloudfront/originAccessControl:OriginAccessControl",
  title: "CloudFront Origin Access Control",
  inputs: z.strictObject({
    description: z.string().max(256).optional(),
    name: z.string().min(1).max(64).optional(),
    originAccessControlOriginType: z.enum(["s3", "lambda", "mediastore", "mediapackagev2"]),
    signingBehavior: z.enum(["always", "never", "no-override"]),
    signingProtocol: z.literal("sigv4"),
  }),
  autoName: { property: "name", maxLength: 64 },
  defaults: { description: "Managed by Pulumi" },
  unique: [{ property: "name", taken: "OriginAccessControlAlreadyExists" }],
  inUse: "OriginAccessControlInUse",
  computed: ["arn", "etag"],
  changesOnUpdate: ["etag"],
  identify: (_given, context) => drawId(context),
  describe: (_given, id, context) => ({
    arn: `arn:aws:cloudfront::${context.accountId}:origin-access-control/${id}`,
    etag: etag(context),
  }),
};

/** A public key for signed URLs: RSA of 2048 bits, or ECDSA on the curve P-256. */
const publicKeyText = z.string().superRefine((pem, context) => {
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey(pem);
    const fits =
      (type === "rsa" && details?.modulusLength === 2048) ||
      (type === "ec" && details?.namedCurve === "prime256v1");
    if (!fits) refuse("InvalidArgument: the key is neither RSA of 2048 bits nor ECDSA on P-256");
  } catch {
    refuse("InvalidArgument: the key is no public key in PEM");
  }
  if (/PRIVATE KEY/.test(pem)) refuse("InvalidArgument: the key is a private one");
});

const publicKey: Model = {
  type: "aws:cloudfront/publicKey:PublicKey",
  title: "CloudFront Public Key",
  inputs: z.strictObject({
    comment: z.string().max(128).optional(),
    encodedKey: publicKeyText,
    name: name.optional(),
    namePrefix: name.optional(),
  }),
  autoName: { property: "name", maxLength: 128, prefixProperty: "namePrefix" },
  replace: ["encodedKey", "name", "namePrefix"],
  unique: [{ property: "name", taken: "PublicKeyAlreadyExists" }],
  inUse: "PublicKeyInUse",
  computed: ["callerReference", "etag"],
  changesOnUpdate: ["etag"],
  identify: (_given, { hex }) => `K${hex(13).toUpperCase()}`,
  describe: (_given, _id, context, previous) => ({
    callerReference: previous?.outputs["callerReference"] ?? context.hex(26),
    etag: etag(context),
  }),
};

const keyGroup: Model = {
  type: "aws:cloudfront/keyGroup:KeyGroup",
  title: "CloudFront Key Group",
  inputs: z.strictObject({
    comment: z.string().max(128).optional(),
    items: z.array(z.string()).min(1).max(5),
    name: name.optional(),
  }),
  autoName: { property: "name", maxLength: 128 },
  replace: [],
  references: [{ path: "items.*", to: publicKey.type, missing: "NoSuchPublicKey" }],
  unique: [{ property: "name", taken: "KeyGroupAlreadyExists" }],
  inUse: "ResourceInUse",
  computed: ["etag"],
  changesOnUpdate: ["etag"],
  identify: (_given, { hex }) => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
  describe: (_given, _id, context) => ({ etag: etag(context) }),
};

const distributionInputs = z
  .strictObject({
    aliases: z.array(z.string()).optional(),
    comment: z.string().max(128).optional(),
    customErrorResponses: z.array(errorPage).optional(),
    defaultCacheBehavior: behavior,
    defaultRootObject: text(/^(?!\/)/, "an object's name without the first /")
      .max(255)
      .optional(),
    enabled: z.boolean(),
    httpVersion: z.enum(["http1.1", "http2", "http3", "http2and3"]).optional(),
    isIpv6Enabled: z.boolean().optional(),
    orderedCacheBehaviors: z.array(orderedBehavior).max(75).optional(),
    origins: z
      .array(
        z.strictObject({
          originId: z.string().min(1),
          domainName: text(/^([a-z0-9-]+\.)+[a-z]+$/, "a host name"),
          connectionAttempts: z.int().min(1).max(3).optional(),
          connectionTimeout: z.int().min(1).max(10).optional(),
          customOriginConfig: originServer.optional(),
          originAccessControlId: z.string().optional(),
          originPath: text(/^(\/.*[^/])?$/, "a path that begins with / and does not end with it").optional(),
        }),
      )
      .min(1),
    priceClass: z.enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"]).optional(),
    restrictions: z.strictObject({
      geoRestriction: z
        .strictObject({
          locations: z.array(text(/^[A-Z]{2}$/, "a country's code of two capitals")).optional(),
          restrictionType: z.enum(["none", "whitelist", "blacklist"]),
        })
        .refine(
          ({ locations = [], restrictionType }) => (restrictionType === "none") === (locations.length === 0),
          { error: "InvalidArgument: locations go with whitelist and blacklist, and these need them" },
        ),
    }),
    tags: tags.optional(),
    viewerCertificate: z.strictObject({
      acmCertificateArn: arn("acm", "certificate/").optional(),
      cloudfrontDefaultCertificate: z.boolean().optional(),
      minimumProtocolVersion: z
        .enum(["TLSv1", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025"])
        .optional(),
      sslSupportMethod: z.enum(["sni-only", "vip"]).optional(),
    }),
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const ids = given.origins.map(({ originId }) => originId);
    const { allowedMethods, cachedMethods } = given.defaultCacheBehavior;
    const behaviors = [
      ["defaultCacheBehavior", given.defaultCacheBehavior] as const,
      ...(given.orderedCacheBehaviors ?? []).map(
        (each, at) => [`orderedCacheBehaviors.${at}`, each] as const,
      ),
    ];
    for (const [place, { targetOriginId }] of behaviors) {
      if (ids.includes(targetOriginId)) continue;
      refuse(
        `${place}.targetOriginId`,
        `NoSuchOrigin: One or more of your origins or origin groups do not exist: ${targetOriginId} is none of ${ids.join(", ")}`,
      );
    }
    if (new Set(ids).size < ids.length) refuse("origins", "InvalidArgument: two origins have one originId");
    if (cachedMethods.some((method) => !allowedMethods.includes(method))) {
      refuse("defaultCacheBehavior.cachedMethods", "InvalidArgument: a method is cached that is not allowed");
    }
    const { acmCertificateArn, sslSupportMethod, cloudfrontDefaultCertificate } = given.viewerCertificate;
    if ((given.aliases ?? []).length > 0 && acmCertificateArn === undefined) {
      refuse(
        "aliases",
        "InvalidViewerCertificate: an alternate domain name needs a certificate that covers it",
      );
    }
    if ((acmCertificateArn === undefined) !== (cloudfrontDefaultCertificate === true)) {
      refuse("viewerCertificate", "give acmCertificateArn, or cloudfrontDefaultCertificate: true");
    }
    if (acmCertificateArn !== undefined && sslSupportMethod === undefined) {
      refuse("viewerCertificate.sslSupportMethod", "a certificate of your own needs sslSupportMethod");
    }
    if (acmCertificateArn !== undefined && acmCertificateArn.split(":")[3] !== "us-east-1") {
      refuse(
        "viewerCertificate.acmCertificateArn",
        "InvalidViewerCertificate: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain",
      );
    }
  });
type DistributionInputs = z.infer<typeof distributionInputs>;

const distributionType = "aws:cloudfront/distribution:Distribution";

/** Checks against the rest of the account: the certificate, and the names of other distributions. */
function requireOwnNames(given: DistributionInputs, context: Context, self?: string): void {
  const { account } = context;
  requirePolicies([given.defaultCacheBehavior, ...(given.orderedCacheBehaviors ?? [])], context);
  const { acmCertificateArn } = given.viewerCertificate;
  if (acmCertificateArn !== undefined) {
    const certificate = account.find("aws:acm/certificate:Certificate", "arn", acmCertificateArn);
    if (!certificate || !isIssued(certificate, context)) {
      const state = certificate ? "is not issued yet" : "does not exist in the account";
      throw new AwsError("InvalidViewerCertificate", `${acmCertificateArn} ${state}`);
    }
  }
  const taken = account
    .list(distributionType)
    .filter(({ id }) => id !== self)
    .flatMap(({ inputs }) => (inputs["aliases"] ?? []) as string[])
    .find((alias) => given.aliases?.includes(alias));
  if (taken) throw new AwsError("CNAMEAlreadyExists", `another distribution has the domain name ${taken}`);
}

const distribution: Model = {
  type: distributionType,
  title: "CloudFront Distribution",
  inputs: distributionInputs,
  defaults: { httpVersion: "http2", priceClass: "PriceClass_All" },
  references: [
    {
      path: "origins.*.originAccessControlId",
      to: originAccessControl.type,
      missing: "NoSuchOriginAccessControl",
    },
    {
      path: "defaultCacheBehavior.trustedKeyGroups.*",
      to: keyGroup.type,
      missing: "TrustedKeyGroupDoesNotExist",
    },
    {
      path: "orderedCacheBehaviors.*.trustedKeyGroups.*",
      to: keyGroup.type,
      missing: "TrustedKeyGroupDoesNotExist",
    },
  ],
  computed: ["arn", "callerReference", "domainName", "etag", "hostedZoneId", "lastModifiedTime", "status"],
  changesOnUpdate: ["etag", "lastModifiedTime"],
  identify: (_given, context) => drawId(context),
  describe: (_given, id, context, previous) => ({
    arn: `arn:aws:cloudfront::${context.accountId}:distribution/${id}`,
    callerReference: previous?.outputs["callerReference"] ?? context.hex(26),
    domainName: previous?.outputs["domainName"] ?? `d${context.hex(13)}.cloudfront.net`,
    etag: etag(context),
    hostedZoneId: "Z2FDTNDATAQYW2",
    lastModifiedTime: new Date().toISOString(),
    status: "Deployed",
  }),
  beforeCreate: (given: DistributionInputs, context) => requireOwnNames(given, context),
  beforeUpdate: (given: DistributionInputs, previous, context) =>
    requireOwnNames(given, context, previous.id),
};

export const models: readonly Model[] = [originAccessControl, publicKey, keyGroup, distribution];
