// Several tokens of one type: the AWS provider has four for load balancers, and two for parts of buckets.
const folders: Readonly<Record<string, string>> = {
  alb: "lb",
  applicationloadbalancing: "lb",
  elasticloadbalancingv2: "lb",
};

/** The token under which a type has its model. */
export function canonical(type: string): string {
  const [, folder = "", rest = ""] = /^aws:([a-z0-9]+)\/(.*)$/.exec(type) ?? [];
  const own = folders[folder];
  if (own !== undefined) return `aws:${own}/${rest}`;
  return type.replace(/^aws:s3\/(bucket\w*)V2:(Bucket\w*)V2$/, "aws:s3/$1:$2");
}
