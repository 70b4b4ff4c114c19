import type { Properties } from "../../models/model";
import type { World } from "./world";

export const account = "123456789012";
const root = { AWS: `arn:aws:iam::${account}:root` };

const policy = (...statements: readonly Properties[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({ Effect: "Allow", Resource: "*", ...each })),
  });

const condition = { StringEquals: { "aws:SourceAccount": account } };

/** Who may publish to a topic, and use its key: a service with or without a condition. */
export interface Allowed {
  readonly service: string;
  readonly conditional?: boolean;
}

const cloudwatch: Allowed = { service: "cloudwatch.amazonaws.com", conditional: true };
const events: Allowed = { service: "events.amazonaws.com" };

/** A key that the account owns, and that services may use. */
export function putKey(world: World, users: readonly Allowed[] = [cloudwatch, events]): string {
  const key = world.create("kms/key", {
    policy: policy(
      { Principal: root, Action: "kms:*" },
      ...users.map(({ service, conditional }) => ({
        Principal: { Service: service },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        ...(conditional && { Condition: condition }),
      })),
    ),
  });
  return String(key.outputs.arn);
}

/** A topic with a policy that lets services publish; its ARN. */
export function putTopic(
  world: World,
  publishers: readonly Allowed[] = [cloudwatch, events],
  kmsMasterKeyId?: string,
): string {
  const topic = world.create("sns/topic", { name: "alerts", ...(kmsMasterKeyId && { kmsMasterKeyId }) });
  const statements = publishers.map(({ service, conditional }) => ({
    ...{ Principal: { Service: service }, Action: "sns:Publish", Resource: topic.id },
    ...(conditional && { Condition: condition }),
  }));
  if (statements.length > 0)
    world.create("sns/topicPolicy", { arn: topic.id, policy: policy(...statements) });
  return topic.id;
}
