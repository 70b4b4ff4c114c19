// SQS queues, DynamoDB tables and SSM parameters.
import { z } from "zod";
import { AwsError, type Model } from "./model";
import { plain } from "./part";
import { policyDocument } from "./policyDocument";
import { refusal } from "./refusal";
import { arn, json, taggable, text } from "./schema";

const queue: Model = plain("aws:sqs/queue:Queue", {
  inputs: taggable({
    contentBasedDeduplication: z.boolean().optional(),
    deduplicationScope: z.enum(["messageGroup", "queue"]).optional(),
    delaySeconds: z.int().min(0).max(900).optional(),
    fifoQueue: z.boolean().optional(),
    fifoThroughputLimit: z.enum(["perQueue", "perMessageGroupId"]).optional(),
    kmsDataKeyReusePeriodSeconds: z.int().min(60).max(86_400).optional(),
    kmsMasterKeyId: z.string().optional(),
    maxMessageSize: z.int().min(1024).max(1_048_576).optional(),
    messageRetentionSeconds: z.int().min(60).max(1_209_600).optional(),
    name: text(
      /^[A-Za-z0-9_-]{1,80}$|^[A-Za-z0-9_-]{1,75}\.fifo$/,
      "a queue's name: letters, digits, - and _, at most 80",
    ).optional(),
    namePrefix: z.string().optional(),
    policy: policyDocument("resource").optional(),
    receiveWaitTimeSeconds: z.int().min(0).max(20).optional(),
    redriveAllowPolicy: json.optional(),
    redrivePolicy: json.optional(),
    sqsManagedSseEnabled: z.boolean().optional(),
    visibilityTimeoutSeconds: z.int().min(0).max(43_200).optional(),
  }).superRefine((given, context) => {
    const refuse = refusal(context);
    const fifo = given.fifoQueue === true;
    if (given.name !== undefined && fifo !== given.name.endsWith(".fifo"))
      refuse(
        "name",
        `invalid queue name: ${given.name}: a FIFO queue's name ends in .fifo, another's does not`,
      );
    if (given.contentBasedDeduplication && !fifo)
      refuse("contentBasedDeduplication", "content-based deduplication can only be set for FIFO queue");
    for (const name of ["deduplicationScope", "fifoThroughputLimit"] as const)
      if (given[name] !== undefined && !fifo)
        refuse(name, `InvalidAttributeName: Unknown Attribute: ${name} is for FIFO queues`);
    if (given.fifoThroughputLimit === "perMessageGroupId" && given.deduplicationScope !== "messageGroup")
      refuse(
        "fifoThroughputLimit",
        "InvalidAttributeValue: perMessageGroupId is allowed only when the value for deduplicationScope is messageGroup",
      );
    if (given.kmsMasterKeyId !== undefined && given.sqsManagedSseEnabled)
      refuse("sqsManagedSseEnabled", "conflicts with kmsMasterKeyId");
    if (given.redrivePolicy !== undefined) {
      const { maxReceiveCount: count, deadLetterTargetArn: target } = parsed(given.redrivePolicy) as {
        maxReceiveCount?: unknown;
        deadLetterTargetArn?: unknown;
      };
      if (typeof target !== "string")
        refuse("redrivePolicy", "InvalidParameterValue: RedrivePolicy needs deadLetterTargetArn");
      else if (!arn("sqs").safeParse(target).success)
        refuse("redrivePolicy", `InvalidParameterValue: Invalid value for deadLetterTargetArn: ${target}`);
      else if (target.endsWith(".fifo") !== fifo)
        refuse(
          "redrivePolicy",
          "InvalidParameterValue: Dead-letter queue must be same type of queue as the source",
        );
      if (!(Number(count) >= 1 && Number(count) <= 1000))
        refuse("redrivePolicy", "InvalidParameterValue: maxReceiveCount is a number from 1 to 1000");
    }
  }),
  autoName: { property: "name", maxLength: 80, prefixProperty: "namePrefix" },
  documents: ["policy", "redrivePolicy", "redriveAllowPolicy"],
  unique: [{ property: "name", taken: "QueueNameExists" }],
  replace: ["name", "namePrefix", "fifoQueue"],
  id: ({ name }, { region, accountId }) => `https://sqs.${region}.amazonaws.com/${accountId}/${String(name)}`,
  computed: ["arn", "url", "policy"],
  outputs: ({ name, policy }, id, { region, accountId }) => ({
    arn: `arn:aws:sqs:${region}:${accountId}:${String(name)}`,
    url: id,
    policy: policy ?? "",
  }),
  beforeCreate({ redrivePolicy }, { account, region, accountId }) {
    const { deadLetterTargetArn: target } = parsed(redrivePolicy) as { deadLetterTargetArn?: unknown };
    const own = `arn:aws:sqs:${region}:${accountId}:`;
    if (
      typeof target === "string" &&
      target.startsWith(own) &&
      !account.find("aws:sqs/queue:Queue", "arn", target)
    ) {
      throw new AwsError(
        "InvalidParameterValue",
        `Value {"deadLetterTargetArn":"${target}"} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      );
    }
  },
});

/** Whether a value fits a pattern; one that only other engines read counts as fitting. */
function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    return true;
  }
}

function parsed(value: unknown): object {
  try {
    return (JSON.parse(String(value ?? "{}")) ?? {}) as object;
  } catch {
    return {};
  }
}

const capacity = z.int().min(1).optional();
const attributeName = z.string().min(1).max(255);
const indexName = text(/^[A-Za-z0-9_.-]{3,255}$/, "an index's name: letters, digits and _ . -, 3 to 255");
const projection = {
  name: indexName,
  projectionType: z.enum(["ALL", "INCLUDE", "KEYS_ONLY"]),
  nonKeyAttributes: z.array(attributeName).max(100).optional(),
};
const limit = z.int().min(-1).optional();

const table: Model = plain("aws:dynamodb/table:Table", {
  inputs: taggable({
    attributes: z.array(z.strictObject({ name: attributeName, type: z.enum(["S", "N", "B"]) })).optional(),
    billingMode: z.enum(["PROVISIONED", "PAY_PER_REQUEST"]).optional(),
    deletionProtectionEnabled: z.boolean().optional(),
    globalSecondaryIndexes: z
      .array(
        z.looseObject({
          ...projection,
          hashKey: attributeName.optional(),
          rangeKey: attributeName.optional(),
        }),
      )
      .max(20)
      .optional(),
    localSecondaryIndexes: z
      .array(z.looseObject({ ...projection, rangeKey: attributeName }))
      .max(5)
      .optional(),
    hashKey: attributeName.optional(),
    name: text(/^[A-Za-z0-9_.-]{3,255}$/, "a table's name: letters, digits and _ . -, 3 to 255").optional(),
    onDemandThroughput: z
      .strictObject({ maxReadRequestUnits: limit, maxWriteRequestUnits: limit })
      .optional(),
    pointInTimeRecovery: z.looseObject({ enabled: z.boolean() }).optional(),
    rangeKey: attributeName.optional(),
    readCapacity: capacity,
    writeCapacity: capacity,
    serverSideEncryption: z
      .strictObject({ enabled: z.boolean(), kmsKeyArn: arn("kms").optional() })
      .optional(),
    streamEnabled: z.boolean().optional(),
    streamViewType: z.enum(["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY", ""]).optional(),
    tableClass: z.enum(["STANDARD", "STANDARD_INFREQUENT_ACCESS"]).optional(),
    ttl: z.strictObject({ attributeName: z.string().optional(), enabled: z.boolean().optional() }).optional(),
  }).superRefine((given, context) => {
    const refuse = refusal(context);
    const indexes = [...(given.globalSecondaryIndexes ?? []), ...(given.localSecondaryIndexes ?? [])];
    const keys = new Set(
      [given.hashKey, given.rangeKey, ...indexes.flatMap((each) => [each.hashKey, each.rangeKey])].filter(
        (each) => each !== undefined,
      ),
    );
    const defined = (given.attributes ?? []).map(({ name }) => name);
    if (given.hashKey === undefined) refuse("hashKey", "a table needs a hashKey");
    if (given.rangeKey === undefined && given.localSecondaryIndexes?.length)
      refuse(
        "localSecondaryIndexes",
        "ValidationException: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
      );
    for (const key of keys)
      if (!defined.includes(String(key)))
        refuse(
          "attributes",
          `all attributes must be indexed, and each key defined: ${String(key)} is missing`,
        );
    const unused = defined.filter((name) => !keys.has(name));
    if (unused.length > 0)
      refuse("attributes", `all attributes must be indexed. Unused attributes: ${unused.join(", ")}`);
    const provisioned = (given.billingMode ?? "PROVISIONED") === "PROVISIONED";
    const capacities = [given.readCapacity, given.writeCapacity];
    if (provisioned && capacities.includes(undefined))
      refuse("readCapacity", "billingMode PROVISIONED needs readCapacity and writeCapacity");
    if (!provisioned && capacities.some((each) => each !== undefined))
      refuse(
        "readCapacity",
        "ValidationException: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
      );
    for (const { name, projectionType, nonKeyAttributes } of indexes) {
      if ((projectionType === "INCLUDE") !== (nonKeyAttributes !== undefined))
        refuse(
          "globalSecondaryIndexes",
          `ValidationException: One or more parameter values were invalid: ProjectionType is ${projectionType}, and NonKeyAttributes ${nonKeyAttributes ? "is" : "is not"} specified (${name})`,
        );
    }
    const names = indexes.map(({ name }) => name);
    if (new Set(names).size < names.length)
      refuse("globalSecondaryIndexes", "ValidationException: Duplicate index name");
    if (new Set(defined).size < defined.length)
      refuse("attributes", "ValidationException: Duplicate AttributeName in AttributeDefinitions");
    if (given.hashKey !== undefined && given.hashKey === given.rangeKey)
      refuse(
        "rangeKey",
        "ValidationException: Invalid KeySchema: The second KeySchemaElement must have another name than the first",
      );
    if (given.ttl?.enabled && !given.ttl.attributeName)
      refuse("ttl.attributeName", "ttl.attributeName is required when ttl.enabled is true");
    if (given.streamEnabled && !given.streamViewType)
      refuse("streamViewType", "streamEnabled needs streamViewType");
  }),
  autoName: { property: "name", maxLength: 255 },
  unique: [{ property: "name", taken: "ResourceInUseException" }],
  replace: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
  id: "name",
  arn: "arn:aws:dynamodb:{region}:{account}:table/{id}",
  computed: ["streamArn", "streamLabel"],
  outputs: ({ streamEnabled }, id, { region, accountId }) => ({
    streamArn: streamEnabled
      ? `arn:aws:dynamodb:${region}:${accountId}:table/${id}/stream/2026-01-01T00:00:00.000`
      : "",
    streamLabel: streamEnabled ? "2026-01-01T00:00:00.000" : "",
  }),
  beforeDelete({ id, inputs }) {
    if (inputs["deletionProtectionEnabled"])
      throw new AwsError(
        "ValidationException",
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${id}`,
      );
  },
});

const parameter: Model = plain("aws:ssm/parameter:Parameter", {
  inputs: taggable({
    allowedPattern: z.string().max(1024).optional(),
    dataType: z.enum(["text", "aws:ec2:image", "aws:ssm:integration"]).optional(),
    description: z.string().max(1024).optional(),
    insecureValue: z.string().optional(),
    keyId: z.string().optional(),
    name: text(
      /^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+){0,14}$/,
      "a parameter's name: letters, digits, . - _, and at most 15 levels, beginning with /",
    )
      .max(1011)
      .refine((name) => !/^\/?(aws|ssm)/i.test(name), {
        error: "a parameter's name cannot begin with aws or ssm",
      })
      .optional(),
    overwrite: z.boolean().optional(),
    tier: z.enum(["Standard", "Advanced", "Intelligent-Tiering"]).optional(),
    type: z.enum(["String", "StringList", "SecureString"]),
    value: z.string().min(1).optional(),
  }).superRefine((given, context) => {
    const refuse = refusal(context);
    const value = given.value ?? given.insecureValue;
    if (value === undefined) refuse("value", "give value or insecureValue");
    if ((value?.length ?? 0) > (given.tier === "Standard" || given.tier === undefined ? 4096 : 8192))
      refuse(
        "value",
        "ValidationException: Standard tier parameters support a maximum parameter value of 4096 characters, Advanced ones of 8192",
      );
    if (value !== undefined && given.allowedPattern !== undefined && !fits(given.allowedPattern, value))
      refuse(
        "value",
        "ParameterPatternMismatchException: Parameter value failed to satisfy constraint: allowedPattern",
      );
    if (given.keyId !== undefined && given.type !== "SecureString")
      refuse("keyId", "keyId goes with SecureString only");
    if (given.name !== undefined && given.name.includes("/") && !given.name.startsWith("/"))
      refuse("name", "a name with levels begins with /");
  }),
  autoName: { property: "name", maxLength: 1011 },
  sensitive: ["value"],
  unique: [{ property: "name", taken: "ParameterAlreadyExists" }],
  replace: ["name"],
  id: "name",
  computed: ["arn", "version", "dataType", "tier"],
  changesOnUpdate: ["version"],
  outputs: ({ name, dataType, tier }, _id, { region, accountId }, previous) => ({
    arn: `arn:aws:ssm:${region}:${accountId}:parameter/${String(name).replace(/^\//, "")}`,
    version: Number(previous?.["version"] ?? 0) + 1,
    dataType: dataType ?? "text",
    tier: tier ?? "Standard",
  }),
});

export const models: readonly Model[] = [queue, table, parameter];
