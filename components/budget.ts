import * as budgets from "@pulumi/aws/budgets";
import * as costexplorer from "@pulumi/aws/costexplorer";
import * as pulumi from "@pulumi/pulumi";
import { type BudgetPlan, stackTag } from "../stacks/plan/monitoring/budget";

/** A stack's budget, and who hears of it. */
export interface BudgetArgs {
  /** The limit and when it is reported; a change updates the budget. */
  readonly plan: BudgetPlan;
  /** Name of the stack: the value of its tag `Stack`. Another one replaces the monitor. */
  readonly stack: string;
  /** ARN of the topic that lets Budgets and Cost Anomaly Detection publish. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * AWS Budgets and Cost Anomaly Detection on the cost of one stack. Both count nothing before the tag `Stack` is
 * activated as a cost allocation tag in the account that pays, which no resource of the stack can do: AWS knows a tag
 * only a day after the first resource has it.
 */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:Budget", name, {}, opts);
    const { plan, stack, topicArn } = args;
    new budgets.Budget(
      name,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(plan.limit),
        limitUnit: "USD",
        // AWS writes tags of users so: user:<key>$<value>.
        costFilters: [{ name: "TagKeyValue", values: [`user:${stackTag}$${stack}`] }],
        notifications: plan.notices.map(({ cost, percent }) => ({
          notificationType: cost,
          threshold: percent,
          thresholdType: "PERCENTAGE",
          comparisonOperator: "GREATER_THAN",
          subscriberSnsTopicArns: [topicArn],
        })),
      },
      { parent: this },
    );
    const monitor = new costexplorer.AnomalyMonitor(
      name,
      {
        monitorType: "CUSTOM",
        // AWS answers with every field; one that is left out would replace the monitor with each update.
        monitorSpecification: JSON.stringify({
          And: null,
          CostCategories: null,
          Dimensions: null,
          Not: null,
          Or: null,
          Tags: { Key: stackTag, MatchOptions: null, Values: [stack] },
        }),
      },
      { parent: this },
    );
    new costexplorer.AnomalySubscription(
      name,
      {
        monitorArnLists: [monitor.arn],
        // A topic hears of single anomalies; summaries of a day or a week go to e-mail addresses only.
        frequency: "IMMEDIATE",
        subscribers: [{ type: "SNS", address: topicArn }],
        thresholdExpression: {
          dimension: {
            key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            matchOptions: ["GREATER_THAN_OR_EQUAL"],
            values: [String(plan.anomaly)],
          },
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
