// Whether what a service publishes to a topic arrives. AWS accepts alarms and event targets whose messages are dropped.
import type { ConditionKeys } from "./conditions";
import type { Context } from "./model";
import { permits } from "./permission";
import { keyOf, topicPolicyType, topicType } from "./sns";

/** Who publishes: a service, and what it says of itself to the topic and to the key. */
export interface Publisher {
  readonly service: string;
  readonly topicKeys: ConditionKeys;
  readonly keyKeys: ConditionKeys;
}

/** CloudWatch says which alarm of which account it acts for. */
export function alarmPublisher(alarmArn: string, { accountId }: Context): Publisher {
  const keys = { "aws:SourceAccount": accountId, "aws:SourceArn": alarmArn };
  return { service: "cloudwatch.amazonaws.com", topicKeys: keys, keyKeys: keys };
}

/** EventBridge says nothing, so that a statement with a condition never holds. */
export const eventPublisher: Publisher = { service: "events.amazonaws.com", topicKeys: {}, keyKeys: {} };

/** Why a message would be lost; undefined if it arrives. */
export function deliveryFault(topicArn: string, publisher: Publisher, context: Context): string | undefined {
  const { account } = context;
  const topic = account.find(topicType, "arn", topicArn);
  if (!topic) return `the topic ${topicArn} does not exist`;

  const policy = account.find(topicPolicyType, "arn", topicArn)?.inputs.policy ?? topic.inputs.policy;
  const publish = { action: "sns:Publish", resource: topicArn, keys: publisher.topicKeys };
  const principal = { Service: publisher.service };
  // Without a policy of its own a topic lets its account publish, and so CloudWatch alarms of the account.
  const allowed =
    policy === undefined
      ? publisher.service === "cloudwatch.amazonaws.com"
      : permits(policy, { ...publish, principal });
  if (!allowed) return `the policy of ${topicArn} does not let ${publisher.service} publish (sns:Publish)`;

  const keyId = topic.inputs.kmsMasterKeyId;
  if (keyId === undefined) return undefined;
  const key = keyOf(keyId, context);
  if (!key)
    return `${topicArn} is encrypted with ${String(keyId)}, which lets no service publish: use a key of your own`;
  const lacking = ["kms:Decrypt", "kms:GenerateDataKey"].find(
    (action) => !permits(key.inputs.policy, { principal, action, resource: "*", keys: publisher.keyKeys }),
  );
  return (
    lacking && `the policy of the topic's key ${key.id} does not let ${publisher.service} use it (${lacking})`
  );
}
