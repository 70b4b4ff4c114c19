import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import type { BudgetPlan } from "../stacks/plan/monitoring/budget";
import { policyDocument, type PolicyStatement } from "./policyDocuments";

/** Recipients of alarms; without e-mail and webhook, alarms show on the dashboard only. */
export interface AlarmTopicArgs {
  /** Name of the stack; e-mails show it as their sender. */
  readonly stack: string;
  /** E-mail address, which has to confirm. Another one replaces the subscription. @default nobody */
  readonly email?: string;
  /** https URL for notices; it may hold a key. Another one replaces the subscription. @default nobody */
  readonly webhook?: string;
  /**
   * Budget of a month, whose services may publish as well. On a running stack it changes the key's policy, which a
   * pipeline's role may not do. @default no budget
   */
  readonly budget?: BudgetPlan;
}

/** One encrypted SNS topic for alarms and failed deployments, with its subscribers. */
export class AlarmTopic extends pulumi.ComponentResource {
  /** ARN of the topic, known only once services may publish to it. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlarmTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:AlarmTopic", name, {}, opts);
    const { accountId } = getCallerIdentityOutput({}, { parent: this });
    const services = args.budget ? [...alarmServices, ...costServices] : alarmServices;
    const key = this.key(name, accountId, services);
    const topic = new sns.Topic(
      `${name}-alerts`,
      { displayName: `ChatPop ${args.stack}`.slice(0, 100), kmsMasterKeyId: key.arn },
      { parent: this },
    );
    const policy = new sns.TopicPolicy(
      `${name}-alerts`,
      {
        arn: topic.arn,
        policy: policyDocument(
          ...publishers(services, accountId, { Action: "sns:Publish", Resource: topic.arn }),
        ),
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
  private key(name: string, accountId: pulumi.Output<string>, services: readonly Publisher[]): kms.Key {
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
        policy: policyDocument(account, ...publishers(services, accountId, encryption)),
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

/** A service that publishes to the topic. */
interface Publisher {
  readonly Sid: string;
  readonly service: string;
  /** Whether it names the account that it acts for. EventBridge does not: any condition would block it. */
  readonly namesAccount: boolean;
}

const alarmServices: readonly Publisher[] = [
  { Sid: "AlarmsOfThisAccount", service: "cloudwatch.amazonaws.com", namesAccount: true },
  { Sid: "Events", service: "events.amazonaws.com", namesAccount: false },
];
const costServices: readonly Publisher[] = [
  { Sid: "BudgetsOfThisAccount", service: "budgets.amazonaws.com", namesAccount: true },
  { Sid: "CostAnomaliesOfThisAccount", service: "costalerts.amazonaws.com", namesAccount: true },
];

/** Statements that let services publish. */
const publishers = (
  services: readonly Publisher[],
  accountId: pulumi.Output<string>,
  permission: Pick<PolicyStatement, "Action" | "Resource">,
): readonly PolicyStatement[] =>
  services.map(({ Sid, service, namesAccount }) => ({
    Sid,
    Effect: "Allow",
    Principal: { Service: service },
    ...permission,
    ...(namesAccount && { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
  }));
