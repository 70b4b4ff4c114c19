// EventBridge: rules that match events, and their targets.
import { z } from "zod";
import { deliveryFault, eventPublisher } from "./delivery";
import { stricter, type Context, type Model } from "./model";
import { refusal } from "./refusal";
import { arn, json, regional, taggable, text } from "./schema";
import { recurring, scheduleFault } from "./schedules";

const ruleType = "aws:cloudwatch/eventRule:EventRule";
const serviceType = "aws:ecs/service:Service";

const eventBus = z.string().refine((given) => /^default$|^arn:.*:event-bus\/default$/.test(given), {
  error: ({ input }) =>
    `The embedded AWS has the event bus default alone: Event bus ${String(input)} does not exist`,
});

const ruleInputs = taggable({
  name: text(/^[.\-_A-Za-z0-9]{1,64}$/, "a rule's name: letters, digits and . - _, at most 64").optional(),
  description: z.string().max(512).optional(),
  eventBusName: eventBus.optional(),
  eventPattern: json
    .max(2048)
    .superRefine((pattern, context) => {
      const fault = patternFault(parsed(pattern), "");
      if (fault)
        context.addIssue({ code: "custom", message: `Event pattern is not valid. Reason: ${fault}` });
    })
    .optional(),
  forceDestroy: z.boolean().optional(),
  roleArn: arn("iam", "role/").optional(),
  scheduleExpression: z
    .string()
    .superRefine((expression, context) => {
      const fault = scheduleFault(expression, recurring);
      if (fault) context.addIssue({ code: "custom", message: fault });
    })
    .optional(),
  state: z.enum(["ENABLED", "DISABLED"]).optional(),
}).superRefine(({ eventPattern, scheduleExpression, eventBusName = "default" }, context) => {
  if (eventPattern === undefined && scheduleExpression === undefined)
    refusal(context)("eventPattern", "give eventPattern or scheduleExpression");
  if (scheduleExpression !== undefined && eventBusName !== "default")
    refusal(context)("scheduleExpression", "ScheduleExpression is supported only on the default event bus");
});
type RuleInputs = z.infer<typeof ruleInputs>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `json` says so itself.
    return {};
  }
}

/** Operators in a field's list, beside plain values, with their form. */
const matchers: Readonly<Record<string, (value: unknown) => boolean>> = {
  prefix: (value) => typeof value === "string" || isFolded(value),
  suffix: (value) => typeof value === "string" || isFolded(value),
  "equals-ignore-case": (value) => typeof value === "string",
  wildcard: (value) => typeof value === "string" && !value.includes("**"),
  exists: (value) => typeof value === "boolean",
  cidr: (value) => z.union([z.cidrv4(), z.cidrv6()]).safeParse(value).success,
  numeric: (value) =>
    Array.isArray(value) &&
    [2, 4].includes(value.length) &&
    value.every((each, index) =>
      index % 2 === 0 ? ["=", "<", "<=", ">", ">="].includes(String(each)) : isNumber(each),
    ) &&
    (value.length === 2 ||
      (/^>/.test(String(value[0])) && /^</.test(String(value[2])) && value[1] < value[3])),
  "anything-but": (value) =>
    ["string", "number"].includes(typeof value) ||
    (Array.isArray(value) &&
      value.length > 0 &&
      value.every((each) => ["string", "number"].includes(typeof each))) ||
    (typeof value === "object" &&
      value !== null &&
      Object.keys(value).length === 1 &&
      ["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(Object.keys(value)[0] ?? "")),
};

/** EventBridge compares numbers of at most five billion, and not their text. */
function isNumber(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= 5e9;
}

function isFolded(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "equals-ignore-case";
}

function matcherFault(value: unknown, name: string): string | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const [[operator = "", operand] = [], ...more] = Object.entries(value);
  if (Array.isArray(value) || more.length > 0)
    return `${name}: only one key is allowed in a match expression`;
  const accepts = matchers[operator];
  if (!accepts)
    return `Unrecognized match type ${operator} (${name}); there are ${Object.keys(matchers).join(", ")}`;
  return accepts(operand) ? undefined : `${name}: ${operator} does not take ${JSON.stringify(operand)}`;
}

/** The fault of a pattern; every field is a list of matching values, or an object of fields. */
function patternFault(pattern: unknown, path: string): string | undefined {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern))
    return `${path || "the pattern"} must be an object`;
  if (Object.keys(pattern).length === 0) return `${path || "the pattern"} is empty`;
  for (const [key, value] of Object.entries(pattern)) {
    const name = path ? `${path}.${key}` : key;
    if (Array.isArray(value)) {
      if (value.length === 0) return `${name} is an empty list`;
      if (key === "$or") {
        if (value.length < 2) return `${name} needs at least two patterns`;
        const fault = value.map((each) => patternFault(each, name)).find((each) => each !== undefined);
        if (fault) return fault;
        continue;
      }
      const fault = value.map((each) => matcherFault(each, name)).find((each) => each !== undefined);
      if (fault) return fault;
    } else if (typeof value !== "object" || value === null) {
      return `"${name}" must be an object or an array`;
    } else {
      const fault = patternFault(value, name);
      if (fault) return fault;
    }
  }
  return undefined;
}

/** Refuses a pattern with the ARN of a missing resource, which would never match. */
function requireSources({ name, eventPattern }: RuleInputs, { account }: Context): void {
  const { resources = [] } = parsed(eventPattern ?? "{}") as { resources?: unknown[] };
  for (const each of resources) {
    if (typeof each !== "string" || !/^arn:[^:]+:ecs:[^*]*:service\/[^*]*$/.test(each)) continue;
    if (!account.find(serviceType, "arn", each))
      throw stricter("ValidationException", `The rule ${name} would never match: ${each} does not exist`);
  }
}

const rule: Model = {
  type: ruleType,
  inputs: ruleInputs,
  autoName: { property: "name", maxLength: 64 },
  documents: ["eventPattern"],
  defaults: { eventBusName: "default", forceDestroy: false },
  unique: [{ property: "name", within: ["eventBusName"], taken: "ResourceAlreadyExistsException" }],
  inUse: "ValidationException",
  computed: ["arn"],
  identify: (given: RuleInputs) => given.name ?? "",
  describe: (_given, id, { region, accountId }) => ({
    arn: `arn:aws:events:${region}:${accountId}:rule/${id}`,
  }),
  beforeCreate: requireSources,
  beforeUpdate: (given: RuleInputs, _previous, context) => requireSources(given, context),
};

const targetInputs = regional({
  arn: arn(),
  rule: z.string().min(1),
  eventBusName: eventBus.optional(),
  forceDestroy: z.boolean().optional(),
  input: json.optional(),
  inputPath: z.string().optional(),
  inputTransformer: z
    .strictObject({
      inputPaths: z.record(z.string(), text(/^\$/, "a path into the event ($.detail)")).optional(),
      inputTemplate: z.string().min(1).max(8192),
    })
    .optional(),
  roleArn: arn("iam", "role/").optional(),
  targetId: text(/^[.\-_A-Za-z0-9]{1,64}$/, "a target's id").optional(),
}).superRefine(({ arn: target, roleArn, input, inputPath, inputTransformer }, context) => {
  const refuse = refusal(context);
  if ([input, inputPath, inputTransformer].filter((each) => each !== undefined).length > 1)
    refuse("input", "give one of input, inputPath and inputTransformer");
  if (roleArn !== undefined && target.includes(":sns:"))
    refuse("roleArn", "an SNS topic is reached by its own policy; with a role the message may be lost");
  if (!inputTransformer) return;
  const { inputTemplate, inputPaths = {} } = inputTransformer;
  const used = [...inputTemplate.matchAll(/<([\w.-]+)>/g)].map(([, key = ""]) => key);
  const missing = used.find((key) => !(key in inputPaths) && !key.startsWith("aws.events"));
  if (missing !== undefined) refuse("inputTransformer.inputTemplate", `<${missing}> is not in inputPaths`);
  if (!isTemplate(inputTemplate))
    refuse("inputTransformer.inputTemplate", "is neither JSON nor a text in double quotes");
});
type TargetInputs = z.infer<typeof targetInputs>;

/** Whether text is a template of JSON. Values replace `<name>`; a value outside quotes brings its own quotes. */
function isTemplate(template: string): boolean {
  const lines = template.split("\n").filter((line) => line.trim() !== "");
  return (
    lines.every((line) => isJson(line.replace(/<[\w.-]+>/g, "0"))) ||
    isJson(template.replace(/<[\w.-]+>/g, "0"))
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function requireTold(given: TargetInputs, context: Context): void {
  if (!given.arn.includes(":sns:")) return;
  const fault = deliveryFault(given.arn, eventPublisher, context);
  if (fault) throw stricter("ValidationException", `Nobody would hear of the rule ${given.rule}: ${fault}`);
}

const target: Model = {
  type: "aws:cloudwatch/eventTarget:EventTarget",
  inputs: targetInputs,
  defaults: { eventBusName: "default", forceDestroy: false },
  references: [{ path: "rule", to: ruleType, by: "name", missing: "ResourceNotFoundException" }],
  computed: ["targetId"],
  identify: (given: TargetInputs, { hex }) => `${given.rule}-${given.targetId ?? `terraform-${hex(26)}`}`,
  describe: (given: TargetInputs, id) => ({ targetId: given.targetId ?? id.slice(given.rule.length + 1) }),
  beforeCreate: requireTold,
  beforeUpdate: (given: TargetInputs, _previous, context) => requireTold(given, context),
};

export const models: readonly Model[] = [rule, target];
