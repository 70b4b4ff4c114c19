// Route 53: the hosted zone that an account has from the start, and records in it.
import { z } from "zod";
import { AwsError, type Context, type Model, type Properties } from "./model";
import { refusal } from "./refusal";
import { modelled, text } from "./schema";

const recordType = "aws:route53/record:Record";
const zoneType = "aws:route53/zone:Zone";

/** The zone of a reserved domain, which nobody can own: a domain for first tries of a program. */
export const zone = { id: "Z0EXAMPLE0EMBEDDED0", name: "example.com" } as const;

const host = z
  .string()
  .max(255)
  .regex(/^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9-]+\.?$/i, {
    error: ({ input }) => `${JSON.stringify(input)} is not a host name`,
  });
const zoneId = text(/^Z[A-Z0-9]{1,31}$/, "the id of a hosted zone (Z…)");
const plain = (name: string) => name.toLowerCase().replace(/\.$/, "");

const name = /[a-z0-9_*]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_-]+)*\.?/.source;
const upTo255 = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const upTo65535 = "(6553[0-5]|655[0-2]\\d|65[0-4]\\d{2}|6[0-4]\\d{3}|[1-5]?\\d{1,4})";
const texts = (expression: string) => new RegExp(`^${expression}$`, "i");

/** Form of a record's values, by its type. The provider puts a text's quotation marks itself. */
const forms: Readonly<Record<string, RegExp>> = {
  A: z.regexes.ipv4,
  AAAA: z.regexes.ipv6,
  CAA: texts(`${upTo255} [a-z0-9]+ ".*"`),
  CNAME: texts(name),
  MX: texts(`${upTo65535} ${name}`),
  NS: texts(name),
  SRV: texts(`${upTo65535} ${upTo65535} ${upTo65535} (${name}|\\.)`),
  TXT: /^[^]{1,4000}$/,
};

/** The strings of a text; the provider puts the outer quotation marks. */
const textParts = (value: string) => value.replace(/^"|"$/g, "").split(/(?<!\\)"\s*"/);
const isLong = (part: string) => part.length > 255;

const inputs = z
  .strictObject({
    aliases: z
      .array(z.strictObject({ evaluateTargetHealth: z.boolean(), name: host, zoneId }))
      .length(1, { error: "a record has one alias" })
      .optional(),
    allowOverwrite: z.boolean().optional(),
    name: host,
    records: z.array(z.string().min(1)).min(1).optional(),
    ttl: z.int().min(0).max(2_147_483_647).optional(),
    type: modelled(
      Object.keys(forms),
      ["DS", "HTTPS", "NAPTR", "PTR", "SOA", "SPF", "SSHFP", "SVCB", "TLSA"],
      "record of the type",
    ),
    zoneId,
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    if (given.aliases && given.records) refuse("records", 'conflicts with "aliases": give one of them');
    if (!given.aliases && !given.records) refuse("records", "give records, or an alias");
    if (given.aliases && given.ttl !== undefined) refuse("ttl", "an alias has the ttl of its target");
    if (given.records && given.ttl === undefined) refuse("ttl", "a record with values needs a ttl");
    if (given.aliases && given.type === "CNAME")
      refuse("type", "an alias of a load balancer is of type A or AAAA");
    if (given.type === "CNAME" && (given.records ?? []).length > 1)
      refuse("records", "a CNAME has one value");
    const records = given.records ?? [];
    const twice = records.find((value, index) => records.indexOf(value) < index);
    if (twice !== undefined) refuse("records", `InvalidChangeBatch: [Duplicate Resource Record: '${twice}']`);
    const long = given.type === "TXT" && records.find((value) => textParts(value).some(isLong));
    if (long)
      refuse(
        "records",
        `InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: TXTRDATATooLong (Value is too long)' encountered with '${long}']: a string of a text has at most 255 characters, write "" where the next one begins`,
      );
    const form = forms[given.type];
    const wrong = (given.records ?? []).find((value) => form && !form.test(value));
    if (wrong !== undefined)
      refuse(
        "records",
        `InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: ${given.type} record doesn't have the form that it must have' encountered with '${wrong}']`,
      );
  });
type Inputs = z.infer<typeof inputs>;

/** The name of a zone: the account's own, or one that a program creates. */
function zoneName(id: string, { account }: Context): string | undefined {
  if (id === zone.id) return zone.name;
  const made = account.get(zoneType, id);
  return made && plain(String(made.outputs.name));
}

/** The full name of a record: Route 53 appends the zone's name unless it is there. */
function fqdn(given: Inputs, context: Context): string {
  const [name, of] = [plain(given.name), zoneName(given.zoneId, context) ?? zone.name];
  return name === of || name.endsWith(`.${of}`) ? name : `${name}.${of}`;
}

const refuseChange = (reason: string) => new AwsError("InvalidChangeBatch", `[${reason}]`);

function requireZone({ zoneId }: Inputs, context: Context): void {
  if (zoneName(zoneId, context) === undefined)
    throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${zoneId}`);
}

/** Refuses a CNAME beside other records of its name, or at the apex of a zone. */
function requireAlone(given: Inputs, context: Context): void {
  const [name, of] = [fqdn(given, context), zoneName(given.zoneId, context)];
  if (given.type === "CNAME" && name === of)
    throw refuseChange(`RRSet of type CNAME with DNS name ${name}. is not permitted at apex in zone ${of}.`);
  const others = context.account
    .list(recordType)
    .filter(({ inputs: other, outputs }) => outputs.fqdn === name && other.zoneId === given.zoneId)
    .filter(({ inputs: other }) => other.type !== given.type);
  if (others.some(({ inputs: other }) => [given.type, other.type].includes("CNAME"))) {
    throw refuseChange(
      `RRSet of type ${given.type} with DNS name ${name}. is not permitted as it conflicts with other records with the same DNS name in zone ${of}.`,
    );
  }
}

/** Hosts of AWS that an alias may name and that the embedded AWS has not. */
const otherHosts =
  /(\.s3-website[.-][a-z0-9-]+|\.execute-api\.[a-z0-9-]+|\.vpce|\.awsglobalaccelerator|\.elasticbeanstalk|\.awsapprunner)\.(amazonaws\.)?com$/;

/** The zone of an alias's target: a load balancer, a distribution, or a record of the same zone and type. */
function targetZone(host: string, given: Inputs, context: Context): unknown {
  const { account } = context;
  const balancer = account.find(
    "aws:lb/loadBalancer:LoadBalancer",
    "dnsName",
    host.replace(/^dualstack\./, ""),
  );
  const distribution = account.find("aws:cloudfront/distribution:Distribution", "domainName", host);
  const sibling = account
    .list(recordType)
    .find(
      ({ inputs: other, outputs }) =>
        outputs.fqdn === host && other.type === given.type && other.zoneId === given.zoneId,
    );
  return balancer?.outputs.zoneId ?? distribution?.outputs.hostedZoneId ?? sibling?.inputs.zoneId;
}

/** Refuses an alias unless its target exists in the zone that it names. */
function requireTarget(given: Inputs, context: Context): void {
  for (const alias of given.aliases ?? []) {
    const host = plain(alias.name);
    if (otherHosts.test(host))
      throw new Error(
        `The embedded AWS has nothing that answers to ${host}, which an alias may name on AWS: load balancers, distributions and records`,
      );
    const found = targetZone(host, given, context);
    const tried = `Tried to create an alias that targets ${alias.name}, type ${given.type} in zone ${alias.zoneId}`;
    if (found === undefined) throw refuseChange(`${tried}, but that target was not found`);
    if (found !== alias.zoneId) {
      throw refuseChange(`${tried}, but the alias target name does not lie within the target zone`);
    }
  }
}

const record: Model = {
  type: recordType,
  inputs,
  computed: ["fqdn"],
  identify: (given: Inputs, context) => [given.zoneId, fqdn(given, context), given.type].join("_"),
  takesPlace: ({ allowOverwrite }: Inputs) => allowOverwrite === true,
  describe: (given: Inputs, _id, context) => ({ fqdn: fqdn(given, context), name: fqdn(given, context) }),
  beforeCreate(given: Inputs, context) {
    requireZone(given, context);
    requireAlone(given, context);
    requireTarget(given, context);
    const taken = context.account
      .list(recordType)
      .some(
        ({ inputs: other, outputs }) => outputs.fqdn === fqdn(given, context) && other.type === given.type,
      );
    const tried = `Tried to create resource record set [name='${fqdn(given, context)}.', type='${given.type}']`;
    if (taken && !given.allowOverwrite) throw refuseChange(`${tried} but it already exists`);
  },
  beforeUpdate: (given: Inputs, _previous, context) => requireTarget(given, context),
};

/** Answers `getZone`: exactly one zone must match. */
export function getZone({ name, zoneId, privateZone = false }: Properties): Properties {
  const matches = name === undefined ? zoneId === zone.id : plain(String(name)) === zone.name && !privateZone;
  if (!matches) {
    throw new Error(
      zoneId === undefined
        ? "no matching Route 53 Hosted Zone found"
        : `reading Route 53 Hosted Zone (${String(zoneId)}): NoSuchHostedZone: No hosted zone found with ID: ${String(zoneId)}`,
    );
  }
  return {
    id: zone.id,
    zoneId: zone.id,
    arn: `arn:aws:route53:::hostedzone/${zone.id}`,
    name: zone.name,
    privateZone: false,
    callerReference: "embedded",
    comment: "",
    nameServers: ["ns-1.awsdns-00.com", "ns-2.awsdns-00.net"],
    primaryNameServer: "ns-1.awsdns-00.com",
    tags: {},
  };
}

export const models: readonly Model[] = [record];
