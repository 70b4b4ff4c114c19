// S3's demands on a bucket policy, beyond IAM's grammar.
import { matches } from "./conditions";
import { AwsError, type Context } from "./model";
import { requirePrincipals } from "./principals";

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Condition keys that make a policy for everybody non-public, by the rules of Block Public Access. */
const narrowing =
  /^aws:(SourceArn|SourceAccount|SourceVpc|SourceVpce|SourceOwner|PrincipalOrgID|PrincipalArn|userid)$/i;

const everybody = (principal: unknown) =>
  principal === "*" || [(principal as { AWS?: unknown } | undefined)?.AWS ?? []].flat().includes("*");

const narrowed = ({ Condition = {} }: Statement) =>
  Object.entries(Condition).some(
    ([operator, keys]) =>
      /^(String|Arn)(Equals|Like)/.test(operator) && Object.keys(keys).some((key) => narrowing.test(key)),
  );

/** Whether a bucket's policy lets a service write below a prefix; conditions count as satisfied. */
export function letsWrite(bucket: string, service: string, prefix: string, { account }: Context): boolean {
  const text = account.find("aws:s3/bucketPolicy:BucketPolicy", "bucket", bucket)?.inputs["policy"] ?? "{}";
  const statements = [(JSON.parse(String(text)) as { Statement?: Statement | Statement[] }).Statement ?? []];
  return statements
    .flat()
    .some(
      ({ Effect, Principal, Action = [], Resource = [] }) =>
        Effect === "Allow" &&
        [(Principal as { Service?: string | string[] } | undefined)?.Service ?? []]
          .flat()
          .includes(service) &&
        [Action].flat().some((action) => matches(action, "s3:PutObject")) &&
        [Resource].flat().some((resource) => matches(resource, `arn:aws:s3:::${bucket}/${prefix}log`)),
    );
}

/** Actions on objects; others are on the bucket. */
const onObjects =
  /^s3:(AbortMultipartUpload|BypassGovernanceRetention|ListMultipartUploadParts|ReplicateDelete|ReplicateObject|ReplicateTags|RestoreObject|InitiateReplication|ObjectOwnerOverrideToBucketOwner|UpdateObjectEncryption|(Get|Put|Delete)Object\w*)$/i;
const onBuckets = /^s3:(ListBucket\w*|(Get|Put|Delete|Create)\w*(Bucket|Configuration)\w*)$/i;

/** An action that none of the statement's resources knows, or that S3 has not. */
function reachFault({ Action = [], Resource = [] }: Statement): string | undefined {
  const resources = [Resource].flat();
  for (const action of [Action].flat()) {
    if (/[*?]/.test(action)) continue;
    // A pattern of a bucket's name may reach into it.
    const inside = resources.some((each) => /\/|\*/.test(each));
    const whole = resources.some((each) => !each.includes("/"));
    if (onObjects.test(action) ? !inside : onBuckets.test(action) && !whole && resources.length > 0)
      return `Action does not apply to any resource(s) in statement: ${action}`;
    if (!onObjects.test(action) && !onBuckets.test(action))
      return `The embedded AWS does not know the action ${action} of S3, or it is an invalid action: packages/embedded-aws/models/s3Policy.ts`;
  }
  return undefined;
}

/** Refuses a policy with another bucket's ARN, and a public policy if the bucket blocks public policies. */
export function requireFittingPolicy(bucket: string, text: string, context: Context): void {
  const { account } = context;
  requirePrincipals(text, context, "MalformedPolicy");
  const statements = [(JSON.parse(text) as { Statement: Statement | Statement[] }).Statement].flat();
  const own = new RegExp(`^arn:aws[a-z-]*:s3:::${bucket.replaceAll(".", "\\.")}(/.*)?$`);
  const foreign = statements.flatMap(({ Resource = [] }) => Resource).find((each) => !own.test(each));
  if (foreign !== undefined) {
    throw new AwsError(
      "MalformedPolicy",
      `Policy has invalid resource: ${foreign} is not arn:aws:s3:::${bucket} nor something in it`,
    );
  }
  const strange = statements
    .flatMap(({ Action = [] }) => Action)
    .find((each) => each !== "*" && !/^s3:/i.test(each));
  if (strange !== undefined) throw new AwsError("MalformedPolicy", `Policy has invalid action: ${strange}`);
  for (const statement of statements) {
    const fault = reachFault(statement);
    if (fault !== undefined) throw new AwsError("MalformedPolicy", fault);
  }
  const block = account.find("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket", bucket);
  // A new bucket blocks public policies by default.
  const closed = block === undefined || block.inputs["blockPublicPolicy"] === true;
  const open = statements.some(
    (statement) => statement.Effect === "Allow" && everybody(statement.Principal) && !narrowed(statement),
  );
  if (closed && open) {
    throw new AwsError(
      "AccessDenied",
      `User is not authorized to perform: s3:PutBucketPolicy on ${bucket} because public policies are prevented by the ` +
        "BlockPublicPolicy setting in S3 Block Public Access",
    );
  }
}
