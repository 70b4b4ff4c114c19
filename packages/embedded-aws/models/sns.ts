// SNS: topics, their policies and their subscriptions.
import { z } from "zod";
import type { Resource } from "../account";
import { keyType } from "./kms";
import { AwsError, type Context, type Model } from "./model";
import { policyDocument } from "./policyDocument";
import { refusal } from "./refusal";
import { arn, json, regional, taggable, text } from "./schema";

export const topicType = "aws:sns/topic:Topic";
export const topicPolicyType = "aws:sns/topicPolicy:TopicPolicy";
const topicArn = arn("sns");

const topicInputs = taggable({
  name: text(
    /^[A-Za-z0-9_-]{1,256}$|^[A-Za-z0-9_-]{1,251}\.fifo$/,
    "a topic's name: letters, digits, _ and -, at most 256",
  ).optional(),
  contentBasedDeduplication: z.boolean().optional(),
  fifoThroughputScope: z.enum(["Topic", "MessageGroup"]).optional(),
  fifoTopic: z.boolean().optional(),
  displayName: z.string().max(100).optional(),
  deliveryPolicy: json.optional(),
  kmsMasterKeyId: z.string().min(1).optional(),
  policy: policyDocument("resource", 30720).optional(),
  signatureVersion: z.int().min(1).max(2).optional(),
  tracingConfig: z.enum(["PassThrough", "Active"]).optional(),
}).superRefine(({ name, fifoTopic = false, contentBasedDeduplication, fifoThroughputScope }, context) => {
  const refuse = refusal(context);
  if (name !== undefined && fifoTopic !== name.endsWith(".fifo"))
    refuse("name", `invalid topic name: ${name}: a FIFO topic's name ends in .fifo, another's does not`);
  if (contentBasedDeduplication && !fifoTopic)
    refuse("contentBasedDeduplication", "content-based deduplication can only be set for FIFO topics");
  if (fifoThroughputScope !== undefined && !fifoTopic)
    refuse("fifoThroughputScope", "fifoThroughputScope can only be set for FIFO topics");
});
type TopicInputs = z.infer<typeof topicInputs>;

/** The customer-managed key with that id or ARN. */
export function keyOf(id: unknown, { account }: Context): Resource | undefined {
  return account.find(keyType, "arn", id) ?? account.find(keyType, "id", id);
}

function requireKey({ kmsMasterKeyId: id }: TopicInputs, context: Context): void {
  if (id === undefined || id.includes("alias/") || keyOf(id, context)) return;
  throw new AwsError("KMSNotFoundException", `Key '${id}' (kmsMasterKeyId) does not exist in the account`);
}

const topic: Model = {
  type: topicType,
  inputs: topicInputs,
  documents: ["policy"],
  autoName: { property: "name", maxLength: 256 },
  unique: [{ property: "name", taken: "InvalidParameter" }],
  computed: ["arn", "owner", "policy", "signatureVersion", "tracingConfig"],
  identify: (given: TopicInputs, { region, accountId }) => `arn:aws:sns:${region}:${accountId}:${given.name}`,
  describe: (given: TopicInputs, id, { accountId }) => ({
    arn: id,
    owner: accountId,
    policy: given.policy ?? "",
    signatureVersion: given.signatureVersion ?? 1,
    tracingConfig: given.tracingConfig ?? "PassThrough",
  }),
  beforeCreate: requireKey,
  beforeUpdate: (given: TopicInputs, _previous, context) => requireKey(given, context),
};

const ofTopic = (path: string) => ({ path, to: topicType, by: "arn", missing: "NotFound", holds: false });

const policyInputs = regional({ arn: topicArn, policy: policyDocument("resource", 30720) });
type PolicyInputs = z.infer<typeof policyInputs>;

const topicPolicy: Model = {
  type: topicPolicyType,
  inputs: policyInputs,
  documents: ["policy"],
  references: [ofTopic("arn")],
  unique: [{ property: "arn", taken: "InvalidParameter" }],
  computed: ["owner"],
  identify: (given: PolicyInputs) => given.arn,
  describe: (_given, _id, { accountId }) => ({ owner: accountId }),
};

/** Form of an endpoint, by protocol. */
const endpoints: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  "email-json": /^[^\s@]+@[^\s@]+$/,
  http: /^http:\/\/\S+$/,
  https: /^https:\/\/\S+$/,
  lambda: /^arn:aws[a-z-]*:lambda:/,
  sqs: /^arn:aws[a-z-]*:sqs:/,
  firehose: /^arn:aws[a-z-]*:firehose:/,
  application: /^arn:aws[a-z-]*:sns:/,
  sms: /^\+?\d+$/,
};

/** Why SNS cannot filter by that; undefined when it can. */
function filterFault(policy: string | undefined, scope = "MessageAttributes"): string | undefined {
  let read: unknown;
  try {
    read = JSON.parse(policy ?? "{}");
  } catch {
    return undefined; // `json` says so itself.
  }
  if (typeof read !== "object" || read === null || Array.isArray(read))
    return "Filter policy must be an object";
  const wrong = Object.entries(read).find(
    ([, value]) =>
      !Array.isArray(value) && (scope === "MessageAttributes" || typeof value !== "object" || value === null),
  );
  return wrong && `"${wrong[0]}" must be an object or an array`;
}

const subscriptionInputs = regional({
  topic: topicArn,
  protocol: z.enum(Object.keys(endpoints)),
  endpoint: z.string(),
  confirmationTimeoutInMinutes: z.int().min(1).optional(),
  deliveryPolicy: json.optional(),
  endpointAutoConfirms: z.boolean().optional(),
  filterPolicy: json.optional(),
  filterPolicyScope: z.enum(["MessageAttributes", "MessageBody"]).optional(),
  rawMessageDelivery: z.boolean().optional(),
  redrivePolicy: z.string().optional(),
}).superRefine(({ protocol, endpoint, rawMessageDelivery, filterPolicy, filterPolicyScope }, context) => {
  const refuse = refusal(context);
  if (rawMessageDelivery && !["sqs", "http", "https", "firehose"].includes(protocol))
    refuse(
      "rawMessageDelivery",
      `InvalidParameter: Invalid parameter: Attributes Reason: Delivery protocol [${protocol}] does not support raw message delivery.`,
    );
  const fault = filterFault(filterPolicy, filterPolicyScope);
  if (fault !== undefined)
    refuse("filterPolicy", `InvalidParameter: Invalid parameter: FilterPolicy: ${fault}`);
  // The message leaves out the endpoint, which may contain a key.
  if (!endpoints[protocol]?.test(endpoint))
    refusal(context)("endpoint", `Invalid parameter: the endpoint is none of protocol ${protocol}`);
});
type SubscriptionInputs = z.infer<typeof subscriptionInputs>;

const subscription: Model = {
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs: subscriptionInputs,
  defaults: { confirmationTimeoutInMinutes: 1, endpointAutoConfirms: false, rawMessageDelivery: false },
  references: [ofTopic("topic")],
  sensitive: ["endpoint"],
  computed: ["arn", "confirmationWasAuthenticated", "filterPolicyScope", "ownerId", "pendingConfirmation"],
  identify: (given: SubscriptionInputs, { hex }) =>
    `${given.topic}:${[8, 4, 4, 4, 12].map((digits) => hex(digits)).join("-")}`,
  describe: (given: SubscriptionInputs, id, { accountId }) => ({
    arn: id,
    confirmationWasAuthenticated: false,
    filterPolicyScope: given.filterPolicyScope ?? "MessageAttributes",
    ownerId: accountId,
    // The recipient must open the link of the confirmation.
    pendingConfirmation: /^(email|http)/.test(given.protocol),
  }),
};

export const models: readonly Model[] = [topic, topicPolicy, subscription];
