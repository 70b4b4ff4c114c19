// The grammar of IAM policy documents. AWS reports most mistakes as "Syntax errors in policy"; these messages name the
// mistake.
import { z } from "zod";
import principals from "../data/service-principals.json";
import { matches } from "./conditions";

/**
 * Purpose of a document: an identity's permissions, a resource's own policy, a role's trust, or a repository's policy,
 * whose resource is the repository.
 */
export type Purpose = "identity" | "resource" | "trust" | "repository";

const services: ReadonlySet<string> = new Set(principals.services);
const versions = ["2012-10-17", "2008-10-17"];
const documentKeys = ["Version", "Id", "Statement"];
const statementKeys = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
];
const principalTypes = ["AWS", "Service", "Federated", "CanonicalUser"];
/** Actions of a role's trust policy; a pattern has to match one of them. */
const trusting = [
  ...["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"],
  ...["sts:SetContext", "sts:SetSourceIdentity", "sts:TagSession"],
].map((each) => each.toLowerCase());
const action = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/;

/** JSON text that is a policy document; `limit` is the number of characters that AWS allows, white space not counted. */
export function policyDocument(purpose: Purpose, limit?: number) {
  return z.string().superRefine((text, context) => {
    for (const message of objections(text, purpose, limit)) {
      context.addIssue({ code: "custom", message: `MalformedPolicyDocument: ${message}` });
    }
  });
}

function* objections(text: string, purpose: Purpose, limit?: number): Generator<string> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return yield `the policy is no JSON: ${(error as Error).message}`;
  }
  if (!isObject(document)) return yield "the policy is not a JSON object";
  yield* unknownKeys(document, documentKeys, "the policy");
  const version = document["Version"];
  if (version !== undefined && !versions.includes(String(version))) {
    yield `Version is ${JSON.stringify(version)}; allowed are ${versions.join(" and ")}`;
  }
  const size = text.replace(/\s/g, "").length;
  if (limit !== undefined && size > limit) yield `the policy has ${size} characters; AWS allows ${limit}`;
  const statements = list(document["Statement"]);
  if (statements.length === 0) return yield "the policy has no Statement";
  const ids = statements.map((statement) => (isObject(statement) ? statement["Sid"] : undefined));
  for (const [index, statement] of statements.entries()) {
    const place = `Statement ${index + 1}`;
    if (!isObject(statement)) yield `${place} is not an object`;
    else yield* ofStatement(statement, place, purpose);
    if (ids[index] !== undefined && ids.indexOf(ids[index]) !== index) {
      yield `${place}: Sid ${JSON.stringify(ids[index])} is used twice`;
    }
  }
}

function* ofStatement(
  statement: Record<string, unknown>,
  place: string,
  purpose: Purpose,
): Generator<string> {
  yield* unknownKeys(statement, statementKeys, place);
  const { Sid: sid, Effect: effect, Principal: principal } = statement;
  if (
    sid !== undefined &&
    (typeof sid !== "string" || (purpose === "identity" && !/^[A-Za-z0-9]*$/.test(sid)))
  ) {
    yield `${place}: Sid ${JSON.stringify(sid)} may hold letters and digits only`;
  }
  if (effect !== "Allow" && effect !== "Deny") {
    yield `${place}: Effect is ${JSON.stringify(effect) ?? "missing"}; allowed are "Allow" and "Deny"`;
  }
  yield* ofCondition(statement["Condition"], place);
  yield* oneOf(statement, "Action", "NotAction", place);
  for (const name of [...list(statement["Action"]), ...list(statement["NotAction"])]) {
    if (typeof name !== "string" || !action.test(name)) {
      yield `${place}: ${JSON.stringify(name)} is not an action (service:Action)`;
    }
  }
  if (purpose === "trust") {
    for (const name of [...list(statement["Action"]), ...list(statement["NotAction"])]) {
      if (name !== "*" && !trusting.some((each) => matches(String(name).toLowerCase(), each)))
        yield `${place}: AssumeRole policy may only specify STS AssumeRole actions, not ${JSON.stringify(name)}`;
    }
    if ("Resource" in statement || "NotResource" in statement)
      yield `${place}: a trust policy has no Resource`;
    yield* ofSharedProvider(statement, place);
  } else if (purpose === "repository") {
    if ("Resource" in statement || "NotResource" in statement)
      yield `${place}: Invalid repository policy provided: it has no Resource`;
    const strange = [...list(statement["Action"]), ...list(statement["NotAction"])].find(
      (each) => each !== "*" && !/^ecr:/i.test(String(each)),
    );
    if (strange !== undefined) yield `${place}: ${JSON.stringify(strange)} is not an action of ECR`;
  } else {
    yield* oneOf(statement, "Resource", "NotResource", place);
    for (const name of [...list(statement["Resource"]), ...list(statement["NotResource"])]) {
      if (typeof name !== "string" || !/^(\*|arn:(aws(-[a-z]+)*|\*|\$\{[^}]+\}):.+:.*:.*:.+)$/.test(name)) {
        yield `${place}: Resource ${JSON.stringify(name)} must be in ARN format or "*"`;
      }
    }
  }
  if (purpose === "identity") {
    if ("Principal" in statement || "NotPrincipal" in statement) {
      yield `${place}: a policy of an identity has no Principal`;
    }
  } else {
    yield* oneOf(statement, "Principal", "NotPrincipal", place);
    yield* ofPrincipal(principal, place);
  }
}

/** IAM's condition operators, in upper or lower case. */
const operator =
  /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)((Not)?Equals|(LessThan|GreaterThan)(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^(ForAllValues:|ForAnyValue:)?Null$/i;

function* ofCondition(condition: unknown, place: string): Generator<string> {
  if (condition === undefined) return;
  if (!isObject(condition)) return yield `${place}: Condition must be an object of operators`;
  for (const [name, keys] of Object.entries(condition)) {
    if (!operator.test(name)) yield `${place}: Invalid Condition type : ${name}.`;
    if (!isObject(keys)) yield `${place}: Condition ${name} must be an object of condition keys`;
    else
      for (const key of Object.keys(keys))
        if (!/^[A-Za-z0-9-]+:.+|^[a-z0-9.-]+\.[a-z]+.*:[a-z]+$/i.test(key))
          yield `${place}: invalid condition key ${JSON.stringify(key)}`;
  }
}

function* ofPrincipal(principal: unknown, place: string): Generator<string> {
  if (principal === undefined || principal === "*") return;
  if (!isObject(principal) || Object.keys(principal).length === 0) {
    return yield `${place}: Principal is ${JSON.stringify(principal)}; write {"Service": "ecs-tasks.amazonaws.com"}`;
  }
  yield* unknownKeys(principal, principalTypes, `${place}, Principal`);
  for (const service of list(principal["Service"])) {
    if (typeof service !== "string" || !/^[a-z0-9.-]+\.amazonaws\.com$/.test(service)) {
      yield `${place}: invalid principal in policy: "Service": ${JSON.stringify(service)}`;
    } else if (
      !services.has(service.replace(/\.amazonaws\.com$/, "").replace(/\.[a-z]{2}(-[a-z]+)+-\d$/, ""))
    ) {
      yield `${place}: The embedded AWS does not know the service principal ${service} (packages/embedded-aws/data/service-principals.json). Invalid principal in policy, if AWS does not either`;
    }
  }
  for (const one of list(principal["AWS"])) {
    if (
      typeof one !== "string" ||
      !/^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):(?!group\/|policy\/)[^*]+)$/.test(one)
    ) {
      yield `${place}: invalid principal in policy: "AWS": ${JSON.stringify(one)}`;
    }
  }
}

/** IAM demands a condition on the subject: everybody's jobs have tokens of GitHub's provider. */
function* ofSharedProvider(statement: Record<string, unknown>, place: string): Generator<string> {
  const principal = isObject(statement["Principal"]) ? statement["Principal"] : {};
  const github = "token.actions.githubusercontent.com";
  if (!list(principal["Federated"]).some((arn) => String(arn).endsWith(github))) return;
  if (!new RegExp(`"${github}:sub"`, "i").test(JSON.stringify(statement["Condition"] ?? {}))) {
    yield `${place}: a role that trusts ${github} must have a condition on ${github}:sub`;
  }
}

function* unknownKeys(
  value: Record<string, unknown>,
  known: readonly string[],
  place: string,
): Generator<string> {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) yield `${place} has the unknown element ${key}; known are ${known.join(", ")}`;
  }
}

function* oneOf(
  statement: Record<string, unknown>,
  one: string,
  other: string,
  place: string,
): Generator<string> {
  const given = [one, other].filter((key) => list(statement[key]).length > 0);
  if (given.length !== 1)
    yield `${place} needs ${one} or ${other}, and has ${given.length === 0 ? "neither" : "both"}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
