// The formats that many AWS arguments share. Messages name the value; the provider puts the argument's name in front.
import { z } from "zod";

/**
 * Text that matches a pattern. `expected` continues the sentence "… is not": `text(/^vpc-/, "the id of a VPC
 * (vpc-…)")`.
 */
export function text(pattern: RegExp, expected: string) {
  return z.string().regex(pattern, { error: ({ input }) => `${JSON.stringify(input)} is not ${expected}` });
}

/** One of `known`. AWS accepts `others` as well; the embedded AWS refuses them as a limit of its own. */
export function modelled(known: readonly string[], others: readonly string[], what: string) {
  return z.enum([...known, ...others] as [string, ...string[]]).refine((value) => known.includes(value), {
    error: ({ input }) =>
      `The embedded AWS models no ${what} ${JSON.stringify(input)}, which AWS has: it models ${known.join(" and ")}`,
  });
}

/** One of AWS's identifiers, such as `vpc-0123456789abcdef0`. */
export function identifier(prefix: string, what: string) {
  return text(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `the id of ${what} (${prefix}-…)`);
}

export const vpcId = identifier("vpc", "a VPC");
export const subnetId = identifier("subnet", "a subnet");
export const securityGroupId = identifier("sg", "a security group");
export const routeTableId = identifier("rtb", "a route table");

/**
 * The ARN of a service's resource; without a service any ARN.
 * `resource` is the beginning of the part after the account: `arn("iam", "role/")`. An alarm's action on a machine has
 * `ec2` in the account's place: `arn:aws:automate:us-east-1:ec2:reboot`.
 */
export function arn(service?: string, resource = "") {
  const escaped = resource.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text(
    new RegExp(
      `^arn:aws[a-z-]*:${service ?? "[a-z0-9-]+"}:[a-z0-9-]*:(\\d{12}|aws|cloudfront|ec2)?:${escaped}.+$`,
      "s",
    ),
    `an ARN (arn:aws:${service ?? "<service>"}:<region>:<account>:${resource}…)`,
  );
}

const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** An IPv4 block in canonical form: the bits behind the prefix are zero. */
export const cidr = text(
  new RegExp(`^${octet}(\\.${octet}){3}/(3[0-2]|[12]?\\d)$`),
  "an IPv4 CIDR block (10.0.0.0/16)",
).refine((value) => range(value).exact, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is not a valid CIDR block: did you mean "${range(String(input)).canonical}"?`,
});

/** An IPv6 block. */
export const ipv6Cidr = text(
  /^[0-9a-f:]*:[0-9a-f:]*\/(12[0-8]|1[01]\d|\d?\d)$/i,
  "an IPv6 CIDR block (::/0)",
);

/** First and last address of an IPv4 block as numbers, and its canonical form. */
export function range(block: string) {
  const [address = "", length = "32"] = block.split("/");
  const size = 2 ** (32 - Number(length));
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(value / size) * size;
  const canonical = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
  return { first, last: first + size - 1, exact: value === first, canonical: `${canonical}/${length}` };
}

export const tags = z
  .record(z.string().min(1).max(128), z.string().max(256))
  .refine((given) => Object.keys(given).length <= 50, { error: "a resource takes at most 50 tags" })
  .superRefine((given, context) => {
    for (const [key, value] of Object.entries(given)) {
      if (/^aws:/i.test(key)) {
        context.addIssue({
          code: "custom",
          path: [key],
          message: "tag keys that begin with aws: are reserved for AWS",
        });
      }
      for (const part of [key, value]) {
        if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(part)) {
          context.addIssue({
            code: "custom",
            path: [key],
            message: `${JSON.stringify(part)} holds a character that tags may not have: letters, digits, spaces and _ . : / = + - @ are allowed`,
          });
        }
      }
    }
  });

/** Text that holds a JSON document. */
export const json = z.string().superRefine((value, context) => {
  try {
    JSON.parse(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: `contains an invalid JSON: ${(error as Error).message}` });
  }
});

export const port = z.int().min(0).max(65535);
export const days = z.int().min(0);

/** The inputs of a type that lives in a region: every other field is refused. */
export function regional<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region").optional(), ...shape });
}

/** As `regional`, for types that take tags. */
export function taggable<Shape extends z.ZodRawShape>(shape: Shape) {
  return regional({ tags: tags.optional(), ...shape });
}
