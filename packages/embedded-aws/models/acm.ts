// ACM: certificates, either imported or requested and validated by a DNS record.
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import type { Account, Resource } from "../account";
import { AwsError, type Context, type Model } from "./model";
import { refusal } from "./refusal";
import { arn, regional, taggable, text } from "./schema";

const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";

const domain = text(
  /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
  "a fully qualified domain name in lower case",
).max(253);

const certificateInputs = taggable({
  certificateAuthorityArn: arn("acm-pca").optional(),
  certificateBody: z.string().optional(),
  certificateChain: z.string().optional(),
  domainName: domain.optional(),
  earlyRenewalDuration: z.string().optional(),
  keyAlgorithm: z
    .enum(["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"])
    .optional(),
  options: z
    .strictObject({
      certificateTransparencyLoggingPreference: z.enum(["ENABLED", "DISABLED"]).optional(),
      export: z.enum(["ENABLED", "DISABLED"]).optional(),
    })
    .optional(),
  privateKey: z.string().optional(),
  subjectAlternativeNames: z.array(domain).optional(),
  validationMethod: z.enum(["DNS", "EMAIL"]).optional(),
  validationOptions: z.array(z.strictObject({ domainName: domain, validationDomain: domain })).optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  const imported = given.privateKey !== undefined || given.certificateBody !== undefined;
  if (imported && given.domainName)
    refuse("domainName", "an imported certificate names its own domain: leave domainName out");
  if (imported && !given.privateKey) refuse("privateKey", "an imported certificate needs its private key");
  if (imported && !given.certificateBody) refuse("certificateBody", "an imported certificate needs its body");
  if (!imported && !given.domainName)
    refuse(
      "domainName",
      "give domainName to request a certificate, or certificateBody and privateKey to import one",
    );
  // RFC 5280: the common name of a certificate has at most 64 characters. ACM takes it from domainName.
  if ((given.domainName ?? "").length > 64)
    refuse(
      "domainName",
      "ValidationException: the first domain name has at most 64 characters; longer names go into subjectAlternativeNames",
    );
  const requested = ["RSA_2048", "EC_prime256v1", "EC_secp384r1"];
  if (!imported && !given.certificateAuthorityArn && !requested.includes(given.keyAlgorithm ?? "RSA_2048"))
    refuse(
      "keyAlgorithm",
      `ValidationException: ${given.keyAlgorithm} is for imported certificates only; a request takes ${requested.join(", ")}`,
    );
  if (given.domainName && !given.validationMethod && !given.certificateAuthorityArn) {
    refuse("validationMethod", "a requested certificate needs validationMethod");
  }
});
type CertificateInputs = z.infer<typeof certificateInputs>;

/** The imported certificate; refuses text that is no certificate, and the key of another certificate. */
function imported(given: CertificateInputs): X509Certificate | undefined {
  if (!given.certificateBody || !given.privateKey) return undefined;
  const read = <T>(what: string, parse: () => T): T => {
    try {
      return parse();
    } catch {
      throw new AwsError("ValidationException", `Could not parse the ${what}: it must be PEM text`);
    }
  };
  const { certificateBody, privateKey } = given;
  const certificate = read("certificate", () => new X509Certificate(certificateBody));
  const key = read("private key", () => createPrivateKey(privateKey));
  if (!certificate.checkPrivateKey(key)) {
    throw new AwsError("ValidationException", "The certificate and its private key do not belong together");
  }
  return certificate;
}

/** The record that validates a domain: the same for all certificates of an account. */
function proof(name: string, { accountId }: Context): Proof {
  const domainName = name.replace(/^\*\./, "");
  const drawn = (what: string) =>
    createHash("md5").update(`${accountId} ${what} ${domainName}`).digest("hex");
  return {
    domainName: name,
    resourceRecordName: `_${drawn("name")}.${domainName}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${drawn("value")}.jkddzztszm.acm-validations.aws.`,
  };
}

interface Proof {
  readonly domainName: string;
  readonly resourceRecordName: string;
  readonly resourceRecordType: string;
  readonly resourceRecordValue: string;
}

const certificate: Model = {
  type: certificateType,
  inputs: certificateInputs,
  sensitive: ["privateKey"],
  inUse: "ResourceInUseException",
  computed: [
    "arn",
    "domainName",
    "domainValidationOptions",
    "keyAlgorithm",
    "notAfter",
    "notBefore",
    "pendingRenewal",
    "renewalEligibility",
    "status",
    "subjectAlternativeNames",
    "type",
    "validationEmails",
    "validationMethod",
  ],
  identify: (_given, { region, accountId, hex }) =>
    `arn:aws:acm:${region}:${accountId}:certificate/${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
  describe(given: CertificateInputs, id, context) {
    const own = imported(given);
    const names = own
      ? (own.subjectAltName ?? "").split(", ").map((name) => name.replace(/^DNS:/, ""))
      : [...new Set([given.domainName ?? "", ...(given.subjectAlternativeNames ?? [])])];
    const byDns = given.validationMethod === "DNS";
    return {
      arn: id,
      domainName: names[0],
      domainValidationOptions: byDns ? names.map((name) => proof(name, context)) : [],
      keyAlgorithm: given.keyAlgorithm ?? "RSA_2048",
      notAfter: own ? new Date(own.validTo).toISOString() : "",
      notBefore: own ? new Date(own.validFrom).toISOString() : "",
      pendingRenewal: false,
      renewalEligibility: "INELIGIBLE",
      status: own ? "ISSUED" : "PENDING_VALIDATION",
      subjectAlternativeNames: names,
      type: own ? "IMPORTED" : "AMAZON_ISSUED",
      validationEmails: [],
      validationMethod: given.validationMethod ?? "NONE",
    };
  },
  beforeCreate: (given: CertificateInputs) => void imported(given),
  beforeUpdate: (given: CertificateInputs) => void imported(given),
};

const validationInputs = regional({
  certificateArn: arn("acm", "certificate/"),
  validationRecordFqdns: z.array(z.string()).optional(),
});
type ValidationInputs = z.infer<typeof validationInputs>;

const validation: Model = {
  type: validationType,
  inputs: validationInputs,
  references: [
    {
      path: "certificateArn",
      to: certificateType,
      by: "arn",
      missing: "ResourceNotFoundException",
      holds: false,
    },
  ],
  computed: [],
  identify: (_given, context) => `${new Date().toISOString()}-${context.hex(4)}`,
  describe: () => ({}),
  beforeCreate(given: ValidationInputs, { account }) {
    const requested = account.find(certificateType, "arn", given.certificateArn);
    const proofs = (requested?.outputs.domainValidationOptions ?? []) as readonly Proof[];
    const missing = proofs.filter((each) => !hasRecord(account, each)).map((each) => each.resourceRecordName);
    if (missing.length > 0) {
      throw new AwsError(
        "timeout while waiting for state to become 'ISSUED'",
        `the last state is PENDING_VALIDATION, because no public zone has the record ${missing.join(", ")} with ACM's value`,
      );
    }
  },
};

function hasRecord(account: Account, { resourceRecordName, resourceRecordValue }: Proof): boolean {
  const plain = (name: unknown) => String(name).replace(/\.$/, "");
  return account
    .list("aws:route53/record:Record")
    .some(
      ({ inputs, outputs }) =>
        plain(outputs.fqdn) === plain(resourceRecordName) &&
        inputs.type === "CNAME" &&
        ((inputs.records ?? []) as string[]).map(plain).includes(plain(resourceRecordValue)),
    );
}

/** Time until ACM has found the records that validate a domain (minutes). */
const proving = 30;

/**
 * Whether a load balancer can use the certificate: it is imported, or its domain is validated. Without a wait for the
 * validation, ACM issues it some time after its records exist.
 */
export function isIssued(resource: Resource, { account, clock }: Context): boolean {
  if (resource.outputs.status === "ISSUED") return true;
  if (account.find(validationType, "certificateArn", resource.outputs.arn) !== undefined) return true;
  const proofs = (resource.outputs.domainValidationOptions ?? []) as readonly Proof[];
  const old = clock.now().getTime() - new Date(resource.createdAt ?? clock.now()).getTime();
  return proofs.length > 0 && old >= proving * 60_000 && proofs.every((each) => hasRecord(account, each));
}

export const models: readonly Model[] = [certificate, validation];
