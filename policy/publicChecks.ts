import type { About } from "./rule";

/** Publishers of checks, with the form of their ids. */
const publishers = {
  checkov: /^CKV2?_AWS_\d+$/,
  trivy: /^AWS-\d{4}$/,
  cdkNag: /^[A-Z]+\d+$/,
  securityHub: /^[A-Za-z0-9]+\.\d+$/,
} as const;
export type Publisher = keyof typeof publishers;

/** Names of the publishers, as a table shows them. */
export const publisherNames: Readonly<Record<Publisher, string>> = {
  checkov: "Checkov",
  trivy: "Trivy",
  cdkNag: "cdk-nag (AwsSolutions)",
  securityHub: "AWS Security Hub",
};

const names = Object.keys(publishers) as readonly Publisher[];

/** Ids of the public checks with the same subject as a rule, by publisher. */
export function checksOf({ publicChecks = [] }: About): Readonly<Record<Publisher, readonly string[]>> {
  const of = (name: Publisher) => publicChecks.filter((id) => publishers[name].test(id));
  return {
    checkov: of("checkov"),
    trivy: of("trivy"),
    cdkNag: of("cdkNag").map((id) => `AwsSolutions-${id}`),
    securityHub: of("securityHub"),
  };
}

/** Ids that are no publisher's; a test knows that there are none. */
export const strangeIds = ({ publicChecks = [] }: About): readonly string[] =>
  publicChecks.filter((id) => !names.some((name) => publishers[name].test(id)));
