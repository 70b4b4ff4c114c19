import { isInternet } from "./networks";
import { type Probe, probes } from "./probes";
import { type Statement, statements } from "./statements";
import { asText, type Entries, type Finding, known } from "./values";

/** Whether a text matches a pattern of IAM: `*` is any text, `?` any character; actions ignore case. */
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

/** Whether a pattern includes a resource of a stranger, in any account and region of the pattern. */
function takesIn(pattern: string, arn: string): boolean {
  if (matches(pattern, arn)) return true;
  const [, , service = "", , , ...name] = pattern.split(":");
  return name.length > 0 && matches(service, arn.split(":")[2] ?? "") && matches(name.join(":"), nameIn(arn));
}

const reaches = ({ Resource, NotResource }: Statement, arn: string): boolean =>
  NotResource === undefined || NotResource === null
    ? list(Resource).some((each) => takesIn(each, arn))
    : !list(NotResource).some((each) => takesIn(each, arn));

/** Condition keys that limit the principals, if their values name somebody. */
const narrowing =
  /^(\w[\w-]*:(ResourceTag|PrincipalTag)\/.*|aws:(SourceArn|SourceAccount|SourceOwner|SourceOrgID|SourceVpce?|PrincipalOrgID|PrincipalOrgPaths|PrincipalArn|PrincipalAccount|ResourceAccount|ResourceOrgID|SourceIp)|kms:(CallerAccount|GrantIsForAWSResource|ViaService|ResourceAliases|RequestAlias|EncryptionContext:.*)|sts:ExternalId|iam:PermissionsBoundary|ecs:cluster|s3:(ResourceAccount|DataAccessPointAccount)|lambda:FunctionArn|.*:(sub|aud))$/i;

/** The values of a condition; documents also write switches without quotes. */
const texts = (values: unknown): readonly string[] =>
  [values ?? []]
    .flat()
    .flatMap((each) => (["string", "boolean"].includes(typeof each) ? [asText(each)] : []));

/** Whether a value of a condition leaves everybody in: `*`, or as much of the internet as a quarter. */
const isAnything = (value: string): boolean =>
  /^[*?]*$|^o-\*$/.test(value) || (/^[\da-f.:]+\/\d+$/i.test(value) && isInternet(value));

/** Whether an ARN is that of any account. A bucket, which has none in its ARN, is known by its name. */
function isOfAnybody(arn: string): boolean {
  const [, , service, , account = "", name = ""] = arn.split(":");
  return service === "s3" ? name.startsWith("*") : /^[*?]*$/.test(account);
}

const namesCaller = /^aws:(PrincipalArn|SourceArn)$/i;

/** Whether a condition limits a statement to some principals or resources; the value `*` does not. */
export const isNarrowed = ({ Condition }: Statement): boolean =>
  Object.entries(Condition ?? {}).some(
    ([operator, keys]) =>
      !/^Null$|^(ForAllValues:)|IfExists$|Not/i.test(operator) &&
      Object.entries(keys ?? {}).some(
        ([key, values]) =>
          narrowing.test(key) &&
          texts(values).length > 0 &&
          !texts(values).some((each) => isAnything(each) || (namesCaller.test(key) && isOfAnybody(each))),
      ),
  );

/** Whether a statement is for one region. */
const namesRegion = ({ Condition }: Statement): boolean =>
  Object.entries(Condition ?? {}).some(
    ([operator, keys]) =>
      /^StringEquals$/i.test(operator) &&
      Object.keys(keys ?? {}).some((key) => /^aws:RequestedRegion$/i.test(key)),
  );

/** All actions on other owners' resources that a document allows, each once. */
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
        !(probe.regionIsEnough && namesRegion(each)) &&
        // An unknown value in one statement does not hide the others.
        known(() => isAbout(each, probe.action) && reaches(each, probe.arn)) === true,
    ),
  );
  return [...new Set(granted.filter((probe) => !denied(probe)).map(({ means }) => means))];
}

/** Actions of which a statement allows everything of a service: `s3:*`. */
export const wholeServices = ({ Effect, Action }: Statement): readonly string[] =>
  Effect === "Allow" ? list(Action).filter((action) => /^[\w-]+:\*$/.test(action)) : [];

/** Without a condition on application or subject, everybody with an account at the provider may assume the role. */
export function openToStrangers(statement: Statement): Finding {
  const { Principal } = statement;
  if (statement.Effect !== "Allow" || typeof Principal !== "object" || isNarrowed(statement))
    return undefined;
  // A SAML provider is an organisation's own; GitHub's tokens have a rule of their own.
  const open = list(Principal?.Federated as Entries<string>).find(
    (provider) => !/:saml-provider\/|token\.actions\.githubusercontent\.com$/.test(provider),
  );
  return open !== undefined && `is open to everybody who has a token of ${open}`;
}

/** Principals of a statement as texts: `*`, an account's number or root, an ARN; services and federations left out. */
export const principals = ({ Principal }: Statement): readonly string[] => {
  if (typeof Principal === "string") return [Principal];
  return Principal ? list(Principal.AWS as Entries<string>) : [];
};

const account = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/;

/** The account that a principal stands for as a whole; undefined for a role or a user. */
export const wholeAccount = (principal: string): string | undefined => account.exec(principal)?.[1];

/** Whether a condition asks for a second factor, which people have: of an account then only those whom it lets in by itself. */
const asksForSecondFactor = ({ Condition }: Statement): boolean =>
  Object.entries(Condition ?? {}).some(
    ([operator, keys]) =>
      /^Bool$/i.test(operator) &&
      Object.entries(keys ?? {}).some(
        ([key, values]) => /^aws:MultiFactorAuthPresent$/i.test(key) && texts(values).includes("true"),
      ),
  );

/**
 * Principals that are too wide: everybody, or everybody in an account.
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
    if (whole && !own(whole, statement) && !asksForSecondFactor(statement))
      return `is open to everybody of account ${whole}`;
  }
  return undefined;
}
