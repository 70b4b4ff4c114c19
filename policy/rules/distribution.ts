import { isWebsite } from "../buckets";
import { resourceRule, stackRule } from "../rule";
import { types } from "../../aws/types";
import { asText, type Entries, type Finding, findingIn, given, type Properties } from "../values";

interface Behavior extends Properties {
  readonly viewerProtocolPolicy?: string;
  readonly trustedKeyGroups?: readonly unknown[];
}

const inBehaviors = (properties: Properties, judge: (behavior: Behavior) => Finding): Finding =>
  findingIn(["defaultCacheBehavior", "orderedCacheBehaviors"], (property) =>
    findingIn(properties[property] as Entries<Behavior>, judge),
  );

export const distributionHttps = resourceRule(
  {
    name: "distribution-https",
    type: types.distribution,
    description: "Browsers get media over HTTPS only",
    severity: "medium",
    requirements: ["G-177"],
    remedy: "viewerProtocolPolicy: https-only or redirect-to-https",
    publicChecks: ["CKV_AWS_34", "AWS-0012", "CloudFront.3"],
  },
  [
    (properties) =>
      inBehaviors(
        properties,
        ({ viewerProtocolPolicy }) =>
          viewerProtocolPolicy === "allow-all" && "answers plain HTTP (viewerProtocolPolicy allow-all)",
      ),
  ],
);

export const distributionTls = resourceRule(
  {
    name: "distribution-tls",
    type: types.distribution,
    description: "A distribution with a certificate of its own speaks TLS 1.2 or newer",
    subject: "certificate of its own",
    severity: "medium",
    requirements: ["G-177"],
    remedy: "viewerCertificate with minimumProtocolVersion TLSv1.2_2021",
    publicChecks: ["CKV_AWS_174", "AWS-0013", "CFR4"],
  },
  [
    (properties) => {
      const certificate = (properties["viewerCertificate"] ?? {}) as {
        cloudfrontDefaultCertificate?: boolean;
        minimumProtocolVersion?: string;
      };
      // CloudFront decides itself what its own certificate goes with.
      if (certificate.cloudfrontDefaultCertificate) return undefined;
      const version = certificate.minimumProtocolVersion ?? "TLSv1";
      return !/^TLSv1\.[23]/.test(version) && `speaks ${version}`;
    },
    (properties) => {
      const { acmCertificateArn } = (properties["viewerCertificate"] ?? {}) as { acmCertificateArn?: string };
      const region = asText(acmCertificateArn ?? "").split(":")[3];
      return (
        region !== undefined &&
        region !== "us-east-1" &&
        `takes a certificate of ${region}, where CloudFront looks for none (us-east-1)`
      );
    },
    ({ origins }) =>
      findingIn(origins as Entries<Origin>, ({ customOriginConfig }) => {
        if (!customOriginConfig || customOriginConfig.originProtocolPolicy === "http-only") return undefined;
        return findingIn(
          customOriginConfig.originSslProtocols,
          (version) => /^(SSLv3|TLSv1(\.1)?)$/.test(version) && `speaks ${version} to its origin`,
        );
      }),
  ],
);

interface Origin {
  readonly customOriginConfig?: {
    readonly originProtocolPolicy?: string;
    readonly originSslProtocols?: Entries<string>;
  };
  readonly originAccessControlId?: string;
  readonly s3OriginConfig?: { readonly originAccessIdentity?: string };
}

/** Whether CloudFront asks S3 in its own name, in AWS's new way or its old one. */
const asksAsItself = (origin: Origin | null | undefined) =>
  Boolean(origin?.originAccessControlId ?? origin?.s3OriginConfig?.originAccessIdentity);

export const mediaThroughSignedUrls = stackRule(
  {
    name: "media-through-signed-urls",
    description: "CloudFront reads a private bucket by its own identity, and hands out what has a signed URL",
    subject: "distribution in front of a bucket",
    severity: "high",
    requirements: ["G-177"],
    remedy: "an aws.cloudfront.OriginAccessControl in the origin, and trustedKeyGroups in every behaviour",
    publicChecks: ["CKV2_AWS_46", "CFR7", "CloudFront.13"],
  },
  function* (stack) {
    for (const bucket of stack.ofType(types.bucket)) {
      if (isWebsite(stack, bucket)) continue;
      for (const distribution of stack.madeOf(bucket, types.distribution, "origins")) {
        if (stack.sources(distribution, "origins", types.originAccessControl).length === 0) {
          yield* stack.judge(
            distribution,
            () =>
              [distribution.props["origins"] as Entries<Origin>]
                .flat()
                .every((origin) => !asksAsItself(origin)) &&
              "asks S3 for media as a stranger (originAccessControlId)",
          );
        }
        for (const control of stack.sources(distribution, "origins", types.originAccessControl)) {
          yield* stack.judge(
            control,
            () =>
              control.props["signingBehavior"] === "never" &&
              `lets ${distribution.name} ask S3 as a stranger (signingBehavior never)`,
          );
        }
        if (!stack.is("chatpop")) continue;
        yield* stack.judge(
          distribution,
          () => distribution.props["enabled"] === false && "is turned off: nobody sees media (enabled)",
        );
        yield* stack.judge(distribution, () =>
          inBehaviors(distribution.props, ({ allowedMethods }) =>
            findingIn(
              allowedMethods as Entries<string>,
              (method) =>
                !["GET", "HEAD", "OPTIONS"].includes(method) && `takes ${method}, with which media change`,
            ),
          ),
        );
        yield* stack.judge(distribution, () =>
          inBehaviors(
            distribution.props,
            (behavior) =>
              !given(behavior, "trustedKeyGroups") && "hands media out to anybody (trustedKeyGroups)",
          ),
        );
      }
    }
  },
);
