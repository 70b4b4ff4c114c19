// CloudWatch log groups, and metric filters on them.
import { z } from "zod";
import { removeStreams } from "../api/logStreams";
import { AwsError, type Model } from "./model";
import { units } from "./metricMath";
import { refusal } from "./refusal";
import { arn, regional, taggable, text } from "./schema";
import { trace } from "./traces";

const keptKind = "log group kept by skipDestroy";

/** Retention that CloudWatch offers (days); 0 is for ever. */
const retention = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const name = text(
  /^(?!aws\/)[A-Za-z0-9._\-/#]{1,512}$/,
  "a log group's name: letters, digits and . _ - / #, at most 512, not beginning with aws/",
);

const inputs = taggable({
  name: name.optional(),
  namePrefix: name.optional(),
  deletionProtectionEnabled: z.boolean().optional(),
  kmsKeyId: arn("kms", "key/").optional(),
  logGroupClass: z.enum(["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]).optional(),
  retentionInDays: z
    .literal(retention, {
      error: ({ input }) =>
        `${String(input)} days is not one of ${retention.join(", ")} (0 keeps logs for ever)`,
    })
    .optional(),
  skipDestroy: z.boolean().optional(),
});
type Inputs = z.infer<typeof inputs>;

const logGroup: Model = {
  type: "aws:cloudwatch/logGroup:LogGroup",
  inputs,
  autoName: { property: "name", maxLength: 512, prefixProperty: "namePrefix" },
  defaults: { retentionInDays: 0, skipDestroy: false },
  references: [
    {
      path: "kmsKeyId",
      to: "aws:kms/key:Key",
      by: "arn",
      missing: "InvalidParameterException",
      holds: false,
    },
  ],
  unique: [{ property: "name", taken: "ResourceAlreadyExistsException" }],
  computed: ["arn", "logGroupClass"],
  identify: (given: Inputs) => String(given.name),
  describe: (given: Inputs, id, context) => ({
    arn: `arn:aws:logs:${context.region}:${context.accountId}:log-group:${id}`,
    logGroupClass: given.logGroupClass ?? "STANDARD",
  }),
  beforeCreate(given: Inputs, context) {
    if (trace(context, keptKind, given.name)) {
      throw new AwsError(
        "ResourceAlreadyExistsException",
        `The specified log group already exists: ${given.name} was kept by skipDestroy`,
      );
    }
  },
  beforeDelete({ id, inputs: given }) {
    if (given.deletionProtectionEnabled) {
      throw new AwsError(
        "ValidationException",
        `The log group ${id} has deletion protection: set deletionProtectionEnabled: false and update before you delete it`,
      );
    }
  },
  stop: ({ id, inputs: given }, context) =>
    Promise.resolve(given.skipDestroy ? undefined : removeStreams(context, id)),
  leaves: ({ id, inputs: given }) => (given.skipDestroy ? [{ kind: keptKind, name: id }] : []),
};

/** The fault of a filter pattern; undefined if CloudWatch can read it. */
function patternFault(pattern: string): string | undefined {
  // Quoted text may contain any character.
  const bare = pattern.replace(/"(\\.|[^"\\])*"/g, '""');
  if (bare.replaceAll('""', "").includes('"')) return "a quotation mark has no other";
  const text = bare.trim();
  for (const [open, close] of ["{}", "[]", "()"] as const) {
    const count = (mark: string) => text.split(mark).length - 1;
    if (
      (text.startsWith("{") || text.startsWith("[") || text.endsWith("}") || text.endsWith("]")) &&
      count(open!) !== count(close!)
    )
      return `${open} and ${close} do not pair`;
  }
  if (text.startsWith("{")) {
    const inner = text.slice(1, -1).trim();
    if (!text.endsWith("}")) return "{ has no }";
    if (!/^[(\s!]*\$/.test(inner)) return "a selector of JSON begins with $";
    const strange = /[=!<>]{2,}|&+|\|+/g;
    const known = ["!=", "<=", ">=", "&&", "||"];
    const operator = (inner.replace(/%[^%]*%/g, "%%").match(strange) ?? []).find(
      (each) => !known.includes(each),
    );
    if (operator) return `${operator} is no operator; there are = < > ${known.join(" ")}`;
    const comparison = /(=|!=|<|>|\bIS\b|\bEXISTS\b|\bNOT\b)/;
    for (const part of inner.split(/&&|\|\|/))
      if (!comparison.test(part) || /(=|<|>)\s*\)?\s*$/.test(part.trim()))
        return `${part.trim()} compares nothing`;
  }
  if (text.startsWith("[") && !text.endsWith("]")) return "[ has no ]";
  return undefined;
}

const filterInputs = regional({
  name: text(/^[^:*]{1,512}$/, "a metric filter's name").optional(),
  logGroupName: name,
  pattern: z
    .string()
    .max(1024)
    .superRefine((pattern, context) => {
      const fault = patternFault(pattern);
      if (fault !== undefined)
        context.addIssue({
          code: "custom",
          message: `InvalidParameterException: Invalid metric filter pattern: ${fault}`,
        });
    }),
  metricTransformation: z.strictObject({
    name: text(/^[^:*$]{1,255}$/, "a metric's name"),
    namespace: text(/^[^:*$]{1,255}$/, "a namespace"),
    value: text(/^(\d+(\.\d+)?|\$.+)$/, "a number, or a field of the line ($.field)"),
    unit: z.enum(units).optional(),
    defaultValue: text(/^-?\d+(\.\d+)?$/, "a number").optional(),
    dimensions: z
      .record(z.string().min(1).max(255), text(/^\$/, "a field of the line ($.field)"))
      .refine((given) => Object.keys(given).length <= 3, {
        error: "a metric filter has at most 3 dimensions",
      })
      .optional(),
  }),
}).superRefine(({ metricTransformation: { defaultValue, dimensions } }, context) => {
  if (defaultValue !== undefined && dimensions !== undefined)
    refusal(context)(
      "metricTransformation.defaultValue",
      "InvalidParameterException: a default value cannot be given with dimensions",
    );
});
type FilterInputs = z.infer<typeof filterInputs>;

const metricFilter: Model = {
  type: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  inputs: filterInputs,
  autoName: { property: "name", maxLength: 512 },
  // AWS deletes the filters together with their group.
  references: [
    {
      path: "logGroupName",
      to: "aws:cloudwatch/logGroup:LogGroup",
      by: "name",
      missing: "ResourceNotFoundException",
      holds: false,
    },
  ],
  computed: [],
  identify: (given: FilterInputs) => String(given.name),
  describe: () => ({}),
  beforeCreate({ logGroupName }: FilterInputs, { account }) {
    const group = account.get(logGroup.type, logGroupName);
    if (group?.outputs.logGroupClass === "INFREQUENT_ACCESS") {
      throw new AwsError(
        "InvalidOperationException",
        `PutMetricFilter operation is not allowed with this log group class: ${logGroupName} is of class INFREQUENT_ACCESS`,
      );
    }
  },
  replace: ["name", "logGroupName"],
};

export const models: readonly Model[] = [logGroup, metricFilter];
