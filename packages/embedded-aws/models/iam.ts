// Identity and access management: roles, policies and their attachments.
import { z } from "zod";
import managedPolicies from "../data/managed-policies.json";
import type { Context, Model } from "./model";
import { AwsError } from "./model";
import { policyDocument } from "./policyDocument";
import { requirePrincipals } from "./principals";
import { arn, tags, text } from "./schema";

const allowedInNames = "letters, digits and + = , . @ _ -";
const name = (longest: number) =>
  text(new RegExp(`^[\\w+=,.@-]{1,${longest}}$`), `a name (1 to ${longest} of ${allowedInNames}; no ARN)`);
const path = text(/^\/([\x21-\x7e]+\/)?$/, "a path: it begins and ends with a slash").max(512);
const roleName = name(64);
const description = text(
  /^[\t\n\r\x20-\x7e\xa1-\xff]{0,1000}$/,
  "a description of at most 1,000 characters of Latin-1: no typographer's dashes, quotation marks or emoji",
);

const role: Model = {
  type: "aws:iam/role:Role",
  inputs: z.strictObject({
    assumeRolePolicy: policyDocument("trust", 2048),
    description: description.optional(),
    forceDetachPolicies: z.boolean().optional(),
    inlinePolicies: z
      .array(
        z.strictObject({ name: name(128).optional(), policy: policyDocument("identity", 10240).optional() }),
      )
      .optional(),
    managedPolicyArns: z.array(arn("iam", "policy/")).optional(),
    maxSessionDuration: z.int().min(3600).max(43200).optional(),
    name: roleName.optional(),
    namePrefix: name(38).optional(),
    path: path.optional(),
    permissionsBoundary: arn("iam", "policy/").optional(),
    tags: tags.optional(),
  }),
  autoName: { property: "name", maxLength: 64, prefixProperty: "namePrefix" },
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  documents: ["assumeRolePolicy"],
  unique: [{ property: "name", taken: "EntityAlreadyExists", ignoresCase: true }],
  inUse: "DeleteConflict",
  computed: ["arn", "createDate", "uniqueId"],
  identify: (inputs) => String(inputs["name"]),
  describe: (inputs, id, context, previous) => ({
    arn: `arn:aws:iam::${context.accountId}:role${String(inputs["path"])}${id}`,
    createDate: previous?.outputs["createDate"] ?? new Date().toISOString(),
    uniqueId: previous?.outputs["uniqueId"] ?? drawId("AROA", context),
  }),
  beforeCreate(inputs, context) {
    requirePolicies(inputs["managedPolicyArns"], context);
    requirePolicies([inputs["permissionsBoundary"]].filter(Boolean), context);
    requirePrincipals(inputs["assumeRolePolicy"], context, "MalformedPolicyDocument");
  },
  beforeUpdate(inputs, _, context) {
    requirePolicies(inputs["managedPolicyArns"], context);
    requirePolicies([inputs["permissionsBoundary"]].filter(Boolean), context);
    requirePrincipals(inputs["assumeRolePolicy"], context, "MalformedPolicyDocument");
  },
};

const policy: Model = {
  type: "aws:iam/policy:Policy",
  inputs: z.strictObject({
    delayAfterPolicyCreationInMs: z.int().min(0).optional(),
    description: description.optional(),
    name: name(128).optional(),
    namePrefix: name(102).optional(),
    path: path.optional(),
    policy: policyDocument("identity", 6144),
    tags: tags.optional(),
  }),
  autoName: { property: "name", maxLength: 128, prefixProperty: "namePrefix" },
  defaults: { path: "/" },
  documents: ["policy"],
  unique: [{ property: "name", taken: "EntityAlreadyExists", ignoresCase: true }],
  inUse: "DeleteConflict",
  computed: ["arn", "attachmentCount", "policyId"],
  identify: (inputs, context) =>
    `arn:aws:iam::${context.accountId}:policy${String(inputs["path"])}${String(inputs["name"])}`,
  describe: (_, id, context, previous) => ({
    arn: id,
    attachmentCount: previous?.outputs["attachmentCount"] ?? 0,
    policyId: previous?.outputs["policyId"] ?? drawId("ANPA", context),
  }),
};

const rolePolicy: Model = {
  type: "aws:iam/rolePolicy:RolePolicy",
  inputs: z.strictObject({
    name: name(128).optional(),
    namePrefix: name(102).optional(),
    policy: policyDocument("identity", 10240),
    role: roleName,
  }),
  autoName: { property: "name", maxLength: 128, prefixProperty: "namePrefix" },
  documents: ["policy"],
  references: [{ path: "role", to: role.type, by: "name", missing: "NoSuchEntity" }],
  unique: [{ property: "name", within: ["role"], taken: "EntityAlreadyExists" }],
  computed: [],
  identify: (inputs) => `${String(inputs["role"])}:${String(inputs["name"])}`,
  describe: () => ({}),
};

const rolePolicyAttachment: Model = {
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  inputs: z.strictObject({ policyArn: arn("iam", "policy/"), role: roleName }),
  references: [
    { path: "role", to: role.type, by: "name", missing: "NoSuchEntity" },
    // Optional: policies of AWS itself are no resources of the account; requirePolicies checks both kinds.
    { path: "policyArn", to: policy.type, by: "arn", missing: "NoSuchEntity", optional: true },
  ],
  computed: [],
  identify: (inputs) => `${String(inputs["role"])}/${String(inputs["policyArn"])}`,
  describe: () => ({}),
  beforeCreate: (inputs, context) => requirePolicies([inputs["policyArn"]], context),
};

const openIdConnectProvider: Model = {
  type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  inputs: z.strictObject({
    url: text(/^https:\/\/[\w.-]+(\/[\w./-]*)?$/, "the https address of an identity provider"),
    clientIdLists: z.array(z.string().min(1).max(255)).min(1).max(100),
    thumbprintLists: z
      .array(text(/^[0-9a-f]{40}$/i, "a SHA-1 thumbprint (40 hexadecimal digits)"))
      .max(5)
      .optional(),
    tags: tags.optional(),
  }),
  unique: [{ property: "url", taken: "EntityAlreadyExists" }],
  computed: ["arn", "thumbprintLists"],
  identify: (inputs, context) =>
    `arn:aws:iam::${context.accountId}:oidc-provider/${String(inputs["url"]).replace("https://", "")}`,
  describe: (inputs, id, context) => ({
    arn: id,
    thumbprintLists: inputs["thumbprintLists"] ?? [context.hex(40)],
  }),
};

function drawId(prefix: string, context: Context): string {
  return prefix + context.hex(17).toUpperCase();
}

function requirePolicies(arns: unknown, { account }: Context): void {
  for (const each of (arns ?? []) as string[]) {
    const own = each.replace(/^arn:aws[a-z-]*:iam::aws:policy\//, "");
    const exists =
      own === each ? account.find(policy.type, "arn", each) : managedPolicies.policies.includes(own);
    if (!exists) {
      if (own === each) {
        throw new AwsError("NoSuchEntity", `Policy ${each} does not exist or is not attachable.`);
      }
      throw new AwsError(
        "NoSuchEntity",
        `The embedded AWS does not know the policy ${each} of AWS: list it in packages/embedded-aws/data/managed-policies.json if it exists`,
      );
    }
  }
}

export const models: readonly Model[] = [
  role,
  policy,
  rolePolicy,
  rolePolicyAttachment,
  openIdConnectProvider,
];
