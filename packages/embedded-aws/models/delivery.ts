// Delivery of a service's messages to a topic. AWS accepts alarms and event targets even if it then drops their
// messages.
import type { ConditionKeys } from "./conditions";
import type { Context } from "./model";
import { permits } from "./permission";
import { keyOf, topicPolicyType, topicType } from "./sns";

/** A publishing service, with its condition keys for the policies of the topic and of the key. */
export interface Publisher {
  readonly service: string;
  readonly topicKeys: ConditionKeys;
  readonly keyKeys: ConditionKeys;
}

/** CloudWatch, which names the alarm and the account as condition keys. */
export function alarmPublisher(alarmArn: string, { accountId }: Context): Publisher {
  const keys = { "aws:SourceAccount": accountId, "aws:SourceArn": alarmArn };
  return { service: "cloudwatch.amazonaws.com", topicKeys: keys, keyKeys: keys };
}

/** EventBridge, which sends no condition keys, so that a statement with a condition never holds. */
export const eventPublisher: Publisher = { service: "events.amazonaws.com", topicKeys: {}, keyKeys: {} };

/** The reason for which a message would be lost; undefined if it arrives. */
export function deliveryFault(topicArn: string, publisher: Publisher, context: Context): string | undefined {
  const { account } = context;
  const topic = account.find(topicType, "arn", topicArn);
  if (!topic) return `the topic ${topicArn} does not exist`;

  const policy = account.find(topicPolicyType, "arn", topicArn)?.inputs.policy ?? topic.inputs.policy;
  const publish = { action: "sns:Publish", resource: topicArn, keys: publisher.topicKeys };
  const principal = { Service: publisher.service };
  // A topic without a policy admits its own account, and with it the account's CloudWatch alarms.
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
