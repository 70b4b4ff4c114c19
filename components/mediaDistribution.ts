import * as cloudfront from "@pulumi/aws/cloudfront";
import type * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { MediaDistributionPlan } from "../stacks/plan/media";
import { fingerprint } from "./fingerprint";
import type { PolicyStatement } from "./policyDocuments";

/** The bucket that CloudFront serves, and the host name. */
export interface MediaDistributionArgs {
  /** Key, price class and host name. */
  readonly plan: MediaDistributionPlan;
  /** Bucket that only this distribution and the application may read. */
  readonly bucket: s3.Bucket;
}

/** Ids of policies that AWS manages. */
const managedPolicies = {
  /** Cached for a day by path alone; the signature is checked on every request, and is no part of the key. */
  cachingOptimizedForUncompressedObjects: "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
  /** Scripts may read objects by a signed URL (CORS); browsers do not guess another type for an upload (nosniff). */
  corsAndSecurityHeaders: "e61eb60c-9c35-4d20-a928-2b84e02af89c",
} as const;

/** Serves media from edge locations: the bucket stays private, browsers need a signed URL. */
export class MediaDistribution extends pulumi.ComponentResource {
  /** Host name of the media. */
  readonly hostName: pulumi.Output<string>;
  /** CloudFront's id of the key whose private half signs URLs. */
  readonly publicKeyId: pulumi.Output<string>;
  /** Statement of the bucket's policy that lets this distribution read, and no other. */
  readonly readStatement: PolicyStatement;

  constructor(name: string, args: MediaDistributionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:data:MediaDistribution", name, {}, opts);
    const { plan, bucket } = args;
    const mediaName = `${name}-media`;

    const originAccess = new cloudfront.OriginAccessControl(
      mediaName,
      {
        description: "Reads the media of ChatPop",
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      { parent: this },
    );
    // Tasks name the key by its id until the last of them is gone, so a key has the same resource as long as it is set.
    const { publicKey: encodedKey, formerPublicKey } = plan;
    const keys = [encodedKey, ...(formerPublicKey === undefined ? [] : [formerPublicKey])].map(
      (key, index, all) =>
        new cloudfront.PublicKey(
          `${mediaName}-${fingerprint(key).slice(0, 8)}`,
          { comment: "Signed URLs of ChatPop's media", encodedKey: key },
          {
            parent: this,
            // Until 2027-05-31: stacks from before have one key, of that name.
            aliases: index === all.length - 1 ? [{ name: mediaName }] : [],
          },
        ),
    );
    const keyGroup = new cloudfront.KeyGroup(
      mediaName,
      { items: keys.map(({ id }) => id) },
      { parent: this },
    );

    const distribution = new cloudfront.Distribution(
      mediaName,
      {
        enabled: true,
        comment: "Media of ChatPop",
        isIpv6Enabled: true,
        httpVersion: "http2and3",
        priceClass: plan.priceClass,
        aliases: plan.domain ? [plan.domain.name] : [],
        origins: [
          {
            originId: "media",
            domainName: bucket.bucketRegionalDomainName,
            originAccessControlId: originAccess.id,
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: "media",
          viewerProtocolPolicy: "https-only",
          allowedMethods: ["GET", "HEAD"],
          cachedMethods: ["GET", "HEAD"],
          // Sound and pictures are compressed already.
          compress: false,
          cachePolicyId: managedPolicies.cachingOptimizedForUncompressedObjects,
          responseHeadersPolicyId: managedPolicies.corsAndSecurityHeaders,
          trustedKeyGroups: [keyGroup.id],
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: plan.domain
          ? {
              acmCertificateArn: plan.domain.certificateArn,
              sslSupportMethod: "sni-only",
              minimumProtocolVersion: "TLSv1.2_2021",
            }
          : { cloudfrontDefaultCertificate: true },
        tags: { Name: mediaName },
      },
      { parent: this },
    );

    this.hostName = plan.domain ? pulumi.output(plan.domain.name) : distribution.domainName;
    this.publicKeyId = keys[0]!.id;
    this.readStatement = {
      Sid: "MediaDistribution",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: pulumi.interpolate`${bucket.arn}/*`,
      Condition: { StringEquals: { "AWS:SourceArn": distribution.arn } },
    };
    this.registerOutputs({ hostName: this.hostName });
  }
}
