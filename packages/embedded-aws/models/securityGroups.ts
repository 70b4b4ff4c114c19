// Security groups and their rules.
import { z } from "zod";
import type { Context, Model, Properties } from "./model";
import { AwsError } from "./model";
import { cidr, identifier, ipv6Cidr, port, regional, securityGroupId, taggable, text, vpcId } from "./schema";
import { portFault, protocol, protocolOf } from "./protocols";
import { quota } from "../settings";
import { ec2Arn } from "./vpc";

const ofVpc = { path: "vpcId", to: "aws:ec2/vpc:Vpc", missing: "InvalidVpcID.NotFound" } as const;

const letters = "letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *";
const description = text(
  /^[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/,
  `a description of at most 255 of ${letters}`,
);
const groupName = text(
  /^(?!sg-|default$)[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
  `a name of at most 255 of ${letters}, not beginning with sg-, and not default, which each VPC has`,
);
const prefixList = identifier("pl", "a prefix list");

const inlineRules = z
  .array(
    z
      .strictObject({
        cidrBlocks: z.array(cidr).optional(),
        description: description.optional(),
        fromPort: z.int().min(-1).max(65535),
        ipv6CidrBlocks: z.array(ipv6Cidr).optional(),
        prefixListIds: z.array(prefixList).optional(),
        protocol,
        securityGroups: z.array(securityGroupId).optional(),
        self: z.boolean().optional(),
        toPort: z.int().min(-1).max(65535),
      })
      .superRefine(inlineFault),
  )
  .optional();

interface InlineRule {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly self?: boolean | undefined;
  readonly cidrBlocks?: readonly string[] | undefined;
  readonly ipv6CidrBlocks?: readonly string[] | undefined;
  readonly prefixListIds?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
}

/** Refusals of a rule inside its group, by the provider and by EC2. */
function inlineFault(rule: InlineRule, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (protocolOf(rule.protocol) === "-1") {
    if (rule.fromPort !== 0 || rule.toPort !== 0) {
      refuse(
        "fromPort",
        `fromPort (${rule.fromPort}) and toPort (${rule.toPort}) must both be 0 to use the 'ALL' "-1" protocol!`,
      );
    }
    return;
  }
  const fault = portFault(rule.protocol, rule.fromPort, rule.toPort);
  if (fault !== undefined) refuse("fromPort", fault);
}

/** Number of a rule's sources, each of which EC2 counts as a rule. */
function sourcesOf({ cidrBlocks, ipv6CidrBlocks, prefixListIds, securityGroups, self }: InlineRule): number {
  const lists = [cidrBlocks, ipv6CidrBlocks, prefixListIds, securityGroups];
  return lists.reduce((sum, list) => sum + (list?.length ?? 0), self === true ? 1 : 0);
}

/** Refuses more rules in one direction than a group may have, both inside the group and as resources. */
function requireRoom(group: string, direction: "ingress" | "egress", more: number, context: Context): void {
  const { account, settings } = context;
  const kind = direction === "ingress" ? "Ingress" : "Egress";
  const inline = (account.get(securityGroup.type, group)?.inputs[direction] ?? []) as InlineRule[];
  const separate = account
    .list(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
    .filter(({ inputs }) => inputs["securityGroupId"] === group);
  const older = account
    .list(olderRuleType)
    .filter(({ inputs }) => inputs["securityGroupId"] === group && inputs["type"] === direction);
  const count =
    [...inline, ...older.map(({ inputs }) => asInline(inputs))].reduce(
      (sum, each) => sum + sourcesOf(each),
      0,
    ) +
    separate.length +
    more;
  const most = quota(settings, "rulesPerSecurityGroup");
  if (count > most) {
    throw new AwsError(
      "RulesPerSecurityGroupLimitExceeded",
      `The maximum number of rules per security group has been reached: ${most}`,
    );
  }
}

/** `requireRoom` for the rules inside a new or changed group. */
function requireRoomInside(inputs: Properties, context: Context): void {
  const most = quota(context.settings, "rulesPerSecurityGroup");
  for (const direction of ["ingress", "egress"] as const) {
    const rules = (inputs[direction] ?? []) as InlineRule[];
    if (rules.reduce((sum, each) => sum + sourcesOf(each), 0) > most) {
      throw new AwsError(
        "RulesPerSecurityGroupLimitExceeded",
        `The maximum number of rules per security group has been reached: ${most} (${direction})`,
      );
    }
  }
}

const securityGroup: Model = {
  type: "aws:ec2/securityGroup:SecurityGroup",
  inputs: taggable({
    description: description.min(1).optional(),
    egress: inlineRules,
    ingress: inlineRules,
    name: groupName.optional(),
    namePrefix: groupName.max(229).optional(),
    revokeRulesOnDelete: z.boolean().optional(),
    vpcId: vpcId.optional(),
  }),
  autoName: { property: "name", maxLength: 255, prefixProperty: "namePrefix" },
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  references: [
    ofVpc,
    {
      path: "ingress.*.securityGroups.*",
      to: "aws:ec2/securityGroup:SecurityGroup",
      missing: "InvalidGroup.NotFound",
    },
    {
      path: "egress.*.securityGroups.*",
      to: "aws:ec2/securityGroup:SecurityGroup",
      missing: "InvalidGroup.NotFound",
    },
  ],
  unique: [{ property: "name", within: ["vpcId"], taken: "InvalidGroup.Duplicate" }],
  computed: ["arn", "egress", "ingress", "ownerId"],
  identify: (_, { hex }) => `sg-${hex(17)}`,
  describe: (inputs, id, context) => ({
    arn: ec2Arn("security-group", id, context),
    egress: inputs["egress"] ?? [],
    ingress: inputs["ingress"] ?? [],
    ownerId: context.accountId,
    vpcId: inputs["vpcId"] ?? context.account.find("aws:ec2/vpc:Vpc", "default", true)?.id,
  }),
  beforeCreate(inputs, context) {
    requireRoomInside(inputs, context);
  },
  beforeUpdate: (inputs, _, context) => requireRoomInside(inputs, context),
};

const defaultSecurityGroup: Model = {
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  inputs: taggable({
    egress: inlineRules,
    ingress: inlineRules,
    revokeRulesOnDelete: z.boolean().optional(),
    vpcId,
  }),
  defaults: { revokeRulesOnDelete: false },
  replace: ["vpcId"],
  // AWS keeps this group as long as its VPC: the provider adopts and forgets it, and it prevents no deletion.
  references: [{ ...ofVpc, holds: false }],
  computed: ["arn", "description", "egress", "ingress", "name", "namePrefix", "ownerId"],
  identify: (inputs, { account }) =>
    String(account.get(ofVpc.to, String(inputs["vpcId"]))?.outputs["defaultSecurityGroupId"]),
  describe: (inputs, id, context) => ({
    arn: ec2Arn("security-group", id, context),
    description: "default VPC security group",
    egress: inputs["egress"] ?? [],
    ingress: inputs["ingress"] ?? [],
    name: "default",
    namePrefix: "",
    ownerId: context.accountId,
  }),
};

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

const ruleInputs = regional({
  tags: taggable({}).shape.tags,
  cidrIpv4: cidr.optional(),
  cidrIpv6: ipv6Cidr.optional(),
  description: description.optional(),
  fromPort: port.or(z.literal(-1)).optional(),
  ipProtocol: protocol,
  prefixListId: prefixList.optional(),
  referencedSecurityGroupId: securityGroupId.optional(),
  securityGroupId,
  toPort: port.or(z.literal(-1)).optional(),
}).superRefine((rule, context) => {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const given = sources.filter((source) => rule[source] !== undefined);
  if (given.length !== 1) {
    refuse(
      "securityGroupId",
      `exactly one of ${sources.join(", ")} must be given, got ${given.join(", ") || "none"}`,
    );
  }
  const fault = portFault(rule.ipProtocol, rule.fromPort, rule.toPort);
  if (fault !== undefined) refuse(/must specify/.test(fault) ? "ipProtocol" : "fromPort", fault);
  if (protocolOf(rule.ipProtocol) === "-1" && (rule.fromPort ?? -1) + (rule.toPort ?? -1) !== -2) {
    refuse("fromPort", "the protocol -1 covers all ports: leave fromPort and toPort out");
  }
});

function rule(direction: "Ingress" | "Egress"): Model {
  const model: Model = {
    type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    inputs: ruleInputs,
    references: [
      // AWS deletes a group together with its own rules; a rule of another group that names it prevents the deletion.
      { path: "securityGroupId", to: securityGroup.type, missing: "InvalidGroup.NotFound", holds: false },
      { path: "referencedSecurityGroupId", to: securityGroup.type, missing: "InvalidGroup.NotFound" },
    ],
    unique: [
      {
        property: "ipProtocol",
        within: ["securityGroupId", "fromPort", "toPort", ...sources],
        taken: "InvalidPermission.Duplicate",
      },
    ],
    computed: ["arn", "securityGroupRuleId"],
    identify: (_, { hex }) => `sgr-${hex(17)}`,
    describe: (_, id, context) => ({
      arn: ec2Arn("security-group-rule", id, context),
      securityGroupRuleId: id,
    }),
    beforeCreate(inputs, context) {
      requireSameNetwork(inputs, context);
      requireRoom(
        String(inputs["securityGroupId"]),
        direction === "Ingress" ? "ingress" : "egress",
        1,
        context,
      );
    },
    beforeUpdate: (inputs, _, context) => requireSameNetwork(inputs, context),
    replaces: Object.fromEntries(sources.map((source) => [source, changesKind])),
  };
  return model;
}

const olderRuleType = "aws:ec2/securityGroupRule:SecurityGroupRule";

const asInline = (inputs: Properties): InlineRule =>
  ({
    ...inputs,
    securityGroups: inputs["sourceSecurityGroupId"] === undefined ? [] : [inputs["sourceSecurityGroupId"]],
  }) as unknown as InlineRule;

/** The older form of a rule: several sources, and a direction. */
const olderRule: Model = {
  type: olderRuleType,
  inputs: regional({
    cidrBlocks: z.array(cidr).optional(),
    description: description.optional(),
    fromPort: z.int().min(-1).max(65535),
    ipv6CidrBlocks: z.array(ipv6Cidr).optional(),
    prefixListIds: z.array(prefixList).optional(),
    protocol,
    securityGroupId,
    self: z.boolean().optional(),
    sourceSecurityGroupId: securityGroupId.optional(),
    toPort: z.int().min(-1).max(65535),
    type: z.enum(["ingress", "egress"]),
  }).superRefine((inputs, context) => {
    const given = asInline(inputs);
    inlineFault(given, context);
    const issue = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (sourcesOf(given) === 0) {
      issue(
        "securityGroupId",
        "one of cidrBlocks, ipv6CidrBlocks, prefixListIds, self or sourceSecurityGroupId must be given",
      );
    }
    for (const name of ["self", "sourceSecurityGroupId"] as const) {
      const others = (["cidrBlocks", "ipv6CidrBlocks", "self", "sourceSecurityGroupId"] as const).filter(
        (other) => other !== name && inputs[other] !== undefined,
      );
      if (inputs[name] !== undefined && others.length > 0)
        issue(name, `conflicts with ${others.join(", ")}: make a rule for each`);
    }
  }),
  references: [
    { path: "securityGroupId", to: securityGroup.type, missing: "InvalidGroup.NotFound", holds: false },
    { path: "sourceSecurityGroupId", to: securityGroup.type, missing: "InvalidGroup.NotFound" },
  ],
  replace: [
    ...["cidrBlocks", "fromPort", "ipv6CidrBlocks", "prefixListIds", "protocol", "securityGroupId", "self"],
    ...["sourceSecurityGroupId", "toPort", "type"],
  ],
  unique: [
    {
      property: "protocol",
      within: [
        "securityGroupId",
        "type",
        "fromPort",
        "toPort",
        "sourceSecurityGroupId",
        "self",
        "description",
      ],
      taken: "InvalidPermission.Duplicate",
    },
  ],
  computed: ["securityGroupRuleId"],
  identify: (_, { hex }) => `sgrule-${hex(10)}`,
  describe: () => ({ securityGroupRuleId: "" }),
  beforeCreate(inputs, context) {
    requireSameNetwork({ ...inputs, referencedSecurityGroupId: inputs["sourceSecurityGroupId"] }, context);
    const direction = inputs["type"] === "egress" ? "egress" : "ingress";
    requireRoom(String(inputs["securityGroupId"]), direction, sourcesOf(asInline(inputs)), context);
  },
};

/** Whether the kind of a rule's source changes; another value of the same kind is a change in place. */
function changesKind(before: Properties, after: Properties): boolean {
  return sources.some((source) => (before[source] === undefined) !== (after[source] === undefined));
}

function requireSameNetwork(inputs: Properties, { account }: Context): void {
  const [own, other] = ["securityGroupId", "referencedSecurityGroupId"].map((name) =>
    account.get(securityGroup.type, String(inputs[name])),
  );
  if (other !== undefined && own?.outputs["vpcId"] !== other.outputs["vpcId"]) {
    throw new AwsError(
      "InvalidGroup.NotFound",
      `You have specified two resources that belong to different networks: ${own?.id} is in ` +
        `${String(own?.outputs["vpcId"])}, ${other.id} in ${String(other.outputs["vpcId"])}`,
    );
  }
}

export const models: readonly Model[] = [
  securityGroup,
  defaultSecurityGroup,
  olderRule,
  rule("Ingress"),
  rule("Egress"),
];
