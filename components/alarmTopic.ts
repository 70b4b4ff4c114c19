import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type PolicyStatement } from "./policyDocuments";

/** Who is told; with neither of them alarms show on the dashboard only. */
export interface AlarmTopicArgs {
  /** Name of the stack, which e-mails show as their sender. */
  readonly stack: string;
  /** Address that gets an e-mail; AWS asks it to confirm. @default nobody */
  readonly email?: string;
  /** https URL that notices are posted to; it may hold a key. @default nobody */
  readonly webhook?: string;
}

/** Where alarms and failed deployments are told: one encrypted SNS topic, and who listens to it. */
export class AlarmTopic extends pulumi.ComponentResource {
  /** The topic, once it may be published to. */
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
        // KMS otherwise wants its caller to be one who may change the policy, which the pipeline's role may not.
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

/** Lets those who have something to say do what they need for it. */
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
    // EventBridge does not say for whom it asks: any condition would silence it.
    { Sid: "Events", Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, ...permission },
  ];
}
