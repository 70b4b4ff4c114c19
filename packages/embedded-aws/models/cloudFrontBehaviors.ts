// How a distribution answers: which methods and values it passes on, how long it keeps an answer, and where it asks.
import { z } from "zod";
import { refusal } from "./refusal";
import { arn, text } from "./schema";

const methods = z.array(z.enum(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]));
/** CloudFront takes no other sets of methods. */
const methodSets = ["GET HEAD", "GET HEAD OPTIONS", "DELETE GET HEAD OPTIONS PATCH POST PUT"];
const methodSet = methods.refine((given) => methodSets.includes([...given].sort().join(" ")), {
  error: ({ input }) =>
    `InvalidArgument: ${(input as string[]).join(", ")} is none of the sets ${methodSets.join("; ")}`,
});
const managedId = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "the id of a policy");
const ttl = z.int().min(0).max(3_153_600_000).optional();

const behaviorShape = {
  targetOriginId: z.string(),
  viewerProtocolPolicy: z.enum(["allow-all", "https-only", "redirect-to-https"]),
  allowedMethods: methodSet,
  cachedMethods: methods.min(2),
  compress: z.boolean().optional(),
  cachePolicyId: managedId.optional(),
  defaultTtl: ttl,
  forwardedValues: z
    .strictObject({
      cookies: z.strictObject({
        forward: z.enum(["none", "whitelist", "all"]),
        whitelistedNames: z.array(z.string()).optional(),
      }),
      headers: z.array(z.string()).optional(),
      queryString: z.boolean(),
      queryStringCacheKeys: z.array(z.string()).optional(),
    })
    .optional(),
  functionAssociations: z
    .array(z.strictObject({ eventType: z.enum(["viewer-request", "viewer-response"]), functionArn: arn() }))
    .max(2)
    .optional(),
  maxTtl: ttl,
  minTtl: ttl,
  originRequestPolicyId: managedId.optional(),
  responseHeadersPolicyId: managedId.optional(),
  trustedKeyGroups: z.array(z.string()).optional(),
};

interface Behavior {
  readonly cachePolicyId?: string | undefined;
  readonly forwardedValues?: object | undefined;
  readonly minTtl?: number | undefined;
  readonly defaultTtl?: number | undefined;
  readonly maxTtl?: number | undefined;
}

/** A behavior caches by a policy, or by values of its own. */
function cachingFault(given: Behavior, context: z.RefinementCtx): void {
  const refuse = refusal(context);
  if ((given.cachePolicyId === undefined) === (given.forwardedValues === undefined))
    refuse("cachePolicyId", "InvalidArgument: give cachePolicyId or forwardedValues");
  if (given.cachePolicyId !== undefined && (given.minTtl ?? given.defaultTtl ?? given.maxTtl))
    refuse("cachePolicyId", "InvalidArgument: a cache policy has the TTLs itself");
  const { minTtl = 0, defaultTtl = 86_400, maxTtl = 31_536_000 } = given;
  if (minTtl > defaultTtl || defaultTtl > maxTtl)
    refuse("defaultTtl", "InvalidArgument: the TTLs must be in the order minTtl, defaultTtl, maxTtl");
}

export const behavior = z.strictObject(behaviorShape).superRefine(cachingFault);
export const orderedBehavior = z
  .strictObject({ ...behaviorShape, pathPattern: z.string().min(1).max(255) })
  .superRefine(cachingFault);

/** Errors of an origin that a distribution can answer with a page of its own. */
const pageErrors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
export const errorPage = z
  .strictObject({
    errorCachingMinTtl: ttl,
    errorCode: z.literal(pageErrors),
    responseCode: z.literal([200, ...pageErrors]).optional(),
    responsePagePath: text(/^\//, "a path that begins with /").optional(),
  })
  .refine(
    ({ responseCode, responsePagePath }) => (responseCode === undefined) === (responsePagePath === undefined),
    {
      error: "InvalidArgument: responseCode and responsePagePath go together",
    },
  );

export const originServer = z.strictObject({
  httpPort: z.int().refine(isOriginPort, { error: "a port: 80, 443, or 1024 to 65535" }),
  httpsPort: z.int().refine(isOriginPort, { error: "a port: 80, 443, or 1024 to 65535" }),
  originKeepaliveTimeout: z.int().min(1).max(180).optional(),
  originProtocolPolicy: z.enum(["http-only", "https-only", "match-viewer"]),
  originReadTimeout: z.int().min(1).max(180).optional(),
  originSslProtocols: z.array(z.enum(["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"])).min(1),
});

function isOriginPort(port: number): boolean {
  return port === 80 || port === 443 || (port >= 1_024 && port <= 65_535);
}
