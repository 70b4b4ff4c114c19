// Security groups and their rules.
import { z } from "zod";
import type { Context, Model, Properties } from "./model";
import { AwsError } from "./model";
import { cidr, identifier, ipv6Cidr, port, regional, securityGroupId, taggable, text, vpcId } from "./schema";
import { ec2Arn } from "./vpc";

const rulesPerDirection = 60;
const ofVpc = { path: "vpcId", to: "aws:ec2/vpc:Vpc", missing: "InvalidVpcID.NotFound" } as const;

const letters = "letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *";
const description = text(
  /^[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/,
  `a description of at most 255 of ${letters}`,
);
const groupName = text(
  /^(?!sg-)[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
  `a name of at most 255 of ${letters}, not beginning with sg-`,
);
const protocol = text(
  /^(-1|tcp|udp|icmp|icmpv6|\d|\d\d|1\d\d|2[0-4]\d|25[0-5])$/,
  "a protocol: tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all",
);
const prefixList = identifier("pl", "a prefix list");

const inlineRules = z
  .array(
    z.strictObject({
      cidrBlocks: z.array(cidr).optional(),
      description: description.optional(),
      fromPort: z.int().min(-1).max(65535),
      ipv6CidrBlocks: z.array(ipv6Cidr).optional(),
      prefixListIds: z.array(prefixList).optional(),
      protocol,
      securityGroups: z.array(securityGroupId).optional(),
      self: z.boolean().optional(),
      toPort: z.int().min(-1).max(65535),
    }),
  )
  .optional();

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
  }),
  beforeCreate(inputs) {
    if (inputs["vpcId"] === undefined) {
      throw new AwsError("VPCIdNotSpecified", "No default VPC for this user: set vpcId");
    }
  },
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
  // AWS keeps this group as long as its VPC: it is adopted here and forgotten again, and stops nothing from being deleted.
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
  if (rule.ipProtocol === "tcp" || rule.ipProtocol === "udp") {
    if (rule.fromPort === undefined || rule.toPort === undefined) {
      refuse("ipProtocol", "InvalidParameterValue: must specify both fromPort and toPort with TCP/UDP");
    } else if (rule.fromPort > rule.toPort || rule.fromPort < 0) {
      refuse(
        "fromPort",
        `InvalidParameterValue: invalid TCP/UDP port range (${rule.fromPort}, ${rule.toPort})`,
      );
    }
  } else if (rule.ipProtocol === "-1" && (rule.fromPort ?? -1) + (rule.toPort ?? -1) !== -2) {
    refuse("fromPort", "the protocol -1 covers all ports: leave fromPort and toPort out");
  }
});

function rule(direction: "Ingress" | "Egress"): Model {
  const model: Model = {
    type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    inputs: ruleInputs,
    references: [
      // A group takes its own rules along when it is deleted; a rule that names it from another group stays in its way.
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
      const siblings = context.account
        .list(model.type)
        .filter((other) => other.inputs["securityGroupId"] === inputs["securityGroupId"]);
      if (siblings.length >= rulesPerDirection) {
        throw new AwsError(
          "RulesPerSecurityGroupLimitExceeded",
          `The maximum number of rules per security group has been reached: ${rulesPerDirection}`,
        );
      }
    },
    beforeUpdate: (inputs, _, context) => requireSameNetwork(inputs, context),
    replaces: Object.fromEntries(sources.map((source) => [source, changesKind])),
  };
  return model;
}

/** A rule keeps its kind of source; another value of the same kind is a change in place. */
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
  rule("Ingress"),
  rule("Egress"),
];
