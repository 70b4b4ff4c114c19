import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type PolicyStatement } from "./policyDocuments";

/** Recipients of alarms; without e-mail and webhook, alarms show on the dashboard only. */
export interface AlarmTopicArgs {
  /** Name of the stack; e-mails show it as their sender. */
  readonly stack: string;
  /** E-mail address, which has to confirm. Another one replaces the subscription. @default nobody */
  readonly email?: string;
  /** https URL for notices; it may hold a key. Another one replaces the subscription. @default nobody */
  readonly webhook?: string;
}

/** One encrypted SNS topic for alarms and failed deployments, with its subscribers. */
export class AlarmTopic extends pulumi.ComponentResource {
  /** ARN of the topic, known only once services may publish to it. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlarmTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:AlarmTopic", name, {}, opts);
    const { accountId } = getCallerIdentityOutput({}, { parent: this });
    const key = this.key(name, accountId);
    const topic = new sns.Topic(
      `${name}-alerts`,
      { displayName: `ChatPop ${args.stack}`.slice(0, 100), kmsMasterKeyId: key.arn },
      { parent: this },
    );
    const policy = new sns.TopicPolicy(
      `${name}-alerts`,
      {
        arn: topic.arn,
        policy: policyDocument(...publishers(accountId, { Action: "sns:Publish", Resource: topic.arn })),
      },
      { parent: this },
    );
    if (args.email !== undefined) this.subscribe(`${name}-email`, topic, "email", args.email);
    if (args.webhook !== undefined) {
      this.subscribe(`${name}-https`, topic, "https", pulumi.secret(args.webhook));
    }

    this.arn = pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }

  /** AWS's own key for SNS lets no service publish, so an alarm would be lost without an error. */
  private key(name: string, accountId: pulumi.Output<string>): kms.Key {
    const account: PolicyStatement = {
      Sid: "AccountDecides",
      Effect: "Allow",
      Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    const encryption = { Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" };
    return new kms.Key(
      `${name}-alerts`,
      {
        description: "Alarms of ChatPop on their way to whom they are told",
        enableKeyRotation: true,
        deletionWindowInDays: 7,
        policy: policyDocument(account, ...publishers(accountId, encryption)),
        // KMS otherwise demands that the caller may change the policy later; the pipeline's role may not.
        bypassPolicyLockoutSafetyCheck: true,
      },
      { parent: this },
    );
  }

  private subscribe(
    name: string,
    topic: sns.Topic,
    protocol: "email" | "https",
    endpoint: pulumi.Input<string>,
  ): void {
    new sns.TopicSubscription(name, { topic: topic.arn, protocol, endpoint }, { parent: this });
  }
}

/** Statements that let CloudWatch and EventBridge publish. */
function publishers(
  accountId: pulumi.Output<string>,
  permission: Pick<PolicyStatement, "Action" | "Resource">,
): readonly PolicyStatement[] {
  return [
    {
      Sid: "AlarmsOfThisAccount",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      ...permission,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    // EventBridge sends no source account or ARN: any condition would block it.
    { Sid: "Events", Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, ...permission },
  ];
}
