// Policies of caching, requests and answers that a distribution's behaviors name: CloudFront's own, or the account's.
import known from "../data/cloudfront-policies.json";
import { AwsError, type Context } from "./model";

const missing = {
  cachePolicyId: "NoSuchCachePolicy",
  originRequestPolicyId: "NoSuchOriginRequestPolicy",
  responseHeadersPolicyId: "NoSuchResponseHeadersPolicy",
} as const;

type Argument = keyof typeof missing;

/** Refuses a policy that neither CloudFront nor the account has. */
export function requirePolicies(
  behaviors: readonly { readonly [name in Argument]?: string | undefined }[],
  { account }: Context,
): void {
  for (const behavior of behaviors) {
    for (const [argument, code] of Object.entries(missing) as [Argument, string][]) {
      const id = behavior[argument];
      const isOwn =
        argument === "cachePolicyId" && account.get("aws:cloudfront/cachePolicy:CachePolicy", id ?? "");
      if (id === undefined || isOwn || Object.values(known[argument]).includes(id)) continue;
      throw new AwsError(
        code,
        `The embedded AWS has no policy ${id} (${argument}): packages/embedded-aws/data/cloudfront-policies.json lists CloudFront's own`,
      );
    }
  }
}
