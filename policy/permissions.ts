import { type Statement, statements } from "./statements";
import { type Entries, type Finding, known } from "./values";

/** Whether IAM takes a text for what a pattern means: `*` is any text, `?` any character; actions ignore case. */
export function matches(pattern: string, text: string, ignoreCase = false): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, ignoreCase ? "is" : "s").test(text);
}

const list = (entries: Entries<string>): readonly string[] =>
  [entries ?? []].flat().filter((each): each is string => typeof each === "string");

/** Whether a statement is about an action. */
export const isAbout = ({ Action, NotAction }: Statement, action: string): boolean =>
  NotAction === undefined || NotAction === null
    ? list(Action).some((each) => matches(each, action, true))
    : !list(NotAction).some((each) => matches(each, action, true));

/** The last part of an ARN: what is named within a service, an account and a region. */
const nameIn = (arn: string) => arn.split(":").slice(5).join(":");

/** Whether a pattern takes in a resource of a stranger: in whichever account and region the pattern looks. */
function takesIn(pattern: string, arn: string): boolean {
  if (matches(pattern, arn)) return true;
  const [, , service = "", , , ...name] = pattern.split(":");
  return name.length > 0 && matches(service, arn.split(":")[2] ?? "") && matches(name.join(":"), nameIn(arn));
}

const reaches = ({ Resource, NotResource }: Statement, arn: string): boolean =>
  NotResource === undefined || NotResource === null
    ? list(Resource).some((each) => takesIn(each, arn))
    : !list(NotResource).some((each) => takesIn(each, arn));

/** Something that nobody should be able to do with a resource that his program has not made. */
interface Probe {
  readonly action: string;
  /** A resource of somebody else. */
  readonly arn: string;
  readonly means: string;
}

const ofStranger = (service: string, name: string) => `arn:aws:${service}:us-east-1:123456789012:${name}`;
const role = ofStranger("iam", "role/of-a-stranger").replace("us-east-1", "");

/** Whoever may do one of these may read what is not his, or become somebody else. */
const probes: readonly Probe[] = [
  {
    action: "secretsmanager:GetSecretValue",
    arn: ofStranger("secretsmanager", "secret:of-a-stranger-a1B2c3"),
    means: "reads every secret of the account",
  },
  {
    action: "ssm:GetParameters",
    arn: ofStranger("ssm", "parameter/of-a-stranger"),
    means: "reads every parameter of the account",
  },
  {
    action: "ssm:GetParameter",
    arn: ofStranger("ssm", "parameter/of-a-stranger"),
    means: "reads every parameter of the account",
  },
  { action: "kms:Decrypt", arn: ofStranger("kms", "key/of-a-stranger"), means: "decrypts with every key" },
  { action: "s3:GetObject", arn: "arn:aws:s3:::of-a-stranger/it", means: "reads every bucket" },
  { action: "s3:PutObject", arn: "arn:aws:s3:::of-a-stranger/it", means: "writes into every bucket" },
  { action: "s3:DeleteObject", arn: "arn:aws:s3:::of-a-stranger/it", means: "empties every bucket" },
  { action: "iam:PassRole", arn: role, means: "hands every role to a service (iam:PassRole)" },
  { action: "sts:AssumeRole", arn: role, means: "takes on every role" },
  { action: "iam:AttachRolePolicy", arn: role, means: "makes itself administrator" },
  { action: "iam:PutRolePolicy", arn: role, means: "makes itself administrator" },
  { action: "iam:UpdateAssumeRolePolicy", arn: role, means: "makes itself administrator" },
  {
    action: "iam:CreatePolicyVersion",
    arn: role.replace("role/", "policy/"),
    means: "makes itself administrator",
  },
  {
    action: "iam:AttachUserPolicy",
    arn: role.replace("role/", "user/"),
    means: "makes itself administrator",
  },
  { action: "iam:CreateAccessKey", arn: role.replace("role/", "user/"), means: "makes keys for everybody" },
  {
    action: "lambda:UpdateFunctionCode",
    arn: ofStranger("lambda", "function:of-a-stranger"),
    means: "changes every function",
  },
  {
    action: "lambda:InvokeFunction",
    arn: ofStranger("lambda", "function:of-a-stranger"),
    means: "invokes every function",
  },
  {
    action: "ecs:ExecuteCommand",
    arn: ofStranger("ecs", "task/of-a-stranger/1"),
    means: "opens a shell in every task",
  },
  {
    action: "ecs:RunTask",
    arn: ofStranger("ecs", "task-definition/of-a-stranger:1"),
    means: "runs every task",
  },
  {
    action: "dynamodb:GetItem",
    arn: ofStranger("dynamodb", "table/of-a-stranger"),
    means: "reads every table",
  },
  { action: "sqs:ReceiveMessage", arn: ofStranger("sqs", "of-a-stranger"), means: "reads every queue" },
  { action: "sns:Publish", arn: ofStranger("sns", "of-a-stranger"), means: "publishes to every topic" },
  {
    action: "rds:DeleteDBInstance",
    arn: ofStranger("rds", "db:of-a-stranger"),
    means: "deletes every database",
  },
  {
    action: "rds-db:connect",
    arn: ofStranger("rds-db", "dbuser:db-OF/anybody"),
    means: "logs in to every database",
  },
  {
    action: "ecr:BatchDeleteImage",
    arn: ofStranger("ecr", "repository/of-a-stranger"),
    means: "deletes every image",
  },
  {
    action: "ecr:PutImage",
    arn: ofStranger("ecr", "repository/of-a-stranger"),
    means: "pushes into every repository",
  },
  {
    action: "logs:DeleteLogGroup",
    arn: ofStranger("logs", "log-group:of-a-stranger:*"),
    means: "deletes every log",
  },
];

/** Who it may be is bounded by these already, as far as they name somebody. */
const narrowing =
  /^(aws:(SourceArn|SourceAccount|SourceOrgID|SourceVpce?|PrincipalOrgID|PrincipalOrgPaths|PrincipalArn|PrincipalAccount|PrincipalTag\/.*|ResourceAccount|ResourceOrgID|ResourceTag\/.*|SourceIp)|kms:(CallerAccount|ViaService|ResourceAliases|RequestAlias|EncryptionContext:.*)|sts:ExternalId|iam:(PermissionsBoundary|ResourceTag\/.*)|ecs:cluster|s3:(ResourceAccount|DataAccessPointAccount)|lambda:FunctionArn|.*:(sub|aud)|secretsmanager:ResourceTag\/.*)$/i;

/** Whether a condition says whom, or what, a statement is for; `*` says nothing. */
export const isNarrowed = ({ Condition }: Statement): boolean =>
  Object.entries(Condition ?? {}).some(
    ([operator, keys]) =>
      !/^Null$|^(ForAllValues:)|IfExists$|Not/i.test(operator) &&
      Object.entries(keys ?? {}).some(
        ([key, values]) =>
          narrowing.test(key) &&
          list(values).length > 0 &&
          !list(values).some((each) => /^(\*|0\.0\.0\.0\/0|::\/0)$/.test(each)),
      ),
  );

/** Everything that a document lets its holder do with what is not his, each said once. */
export function excesses(document: unknown): readonly string[] {
  const all = [statements(document)].flat().filter((each): each is Statement => Boolean(each));
  const denied = ({ action, arn }: Probe) =>
    all.some(
      (each) => each.Effect === "Deny" && !each.Condition && isAbout(each, action) && reaches(each, arn),
    );
  const granted = probes.filter((probe) =>
    all.some(
      (each) =>
        each.Effect === "Allow" &&
        !isNarrowed(each) &&
        // What is unknown in one statement does not hide another.
        known(() => isAbout(each, probe.action) && reaches(each, probe.arn)) === true,
    ),
  );
  return [...new Set(granted.filter((probe) => !denied(probe)).map(({ means }) => means))];
}

/** Principals of a statement as texts: `*`, an account's number or root, an ARN; services and federations left out. */
export const principals = ({ Principal }: Statement): readonly string[] => {
  if (typeof Principal === "string") return [Principal];
  return Principal ? list(Principal.AWS as Entries<string>) : [];
};

const account = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/;

/** The account that a principal stands for as a whole; undefined for a role or a user. */
export const wholeAccount = (principal: string): string | undefined => account.exec(principal)?.[1];

/**
 * Who may come in that should not: everybody, or everybody of an account.
 *
 * @param own Whether an account may be let in as a whole, as the policy of a key has to for its own one.
 */
export function openTo(
  statement: Statement,
  own: (account: string, statement: Statement) => boolean,
): Finding {
  if (statement.Effect !== "Allow" || isNarrowed(statement)) return undefined;
  if (statement.NotPrincipal) return "is open to everybody but a few (NotPrincipal)";
  for (const principal of principals(statement)) {
    if (principal.includes("*")) return "is open to everybody";
    const whole = wholeAccount(principal);
    if (whole && !own(whole, statement)) return `is open to everybody of account ${whole}`;
  }
  return undefined;
}
