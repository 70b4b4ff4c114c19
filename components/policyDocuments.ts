import * as pulumi from "@pulumi/pulumi";
import type { Application } from "./fargateTask";

/** One statement of an IAM policy. */
export interface PolicyStatement {
  /** Roles of their own need no `Deny`: what is not allowed is denied. */
  readonly Effect: "Allow";
  /** With the service in front: `ecs:RunTask`. */
  readonly Action: readonly string[];
  /** ARNs, which may hold wildcards, or `*`. */
  readonly Resource: pulumi.Input<string>[];
  /** Operator, key, value: `{ ArnEquals: { "ecs:cluster": arn } }`; left out, it always holds. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** A trust policy: which AWS service may assume the role. */
export function assumedBy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
}

/** ARNs of all tasks or services of a cluster. */
export const inCluster = (
  kind: "task" | "service",
  clusterArn: pulumi.Output<string>,
): pulumi.Output<string> => clusterArn.apply((arn) => `${arn.replace(":cluster/", `:${kind}/`)}/*`);

/** Leave to run tasks of the definition's family in one cluster, and to hand them their two roles. */
export function startsTasks(
  clusterArn: pulumi.Output<string>,
  { family, application }: { readonly family: pulumi.Output<string>; readonly application: Application },
): readonly PolicyStatement[] {
  const { executionRoleArn, taskRoleArn } = application;
  return [
    {
      Effect: "Allow",
      Action: ["ecs:RunTask"],
      // Not the definition's own ARN, which is unknown in the preview of every release.
      Resource: [
        pulumi
          .all([clusterArn, family])
          .apply(([arn, name]) => arn.replace(/:cluster\/.*/, `:task-definition/${name}:*`)),
      ],
      Condition: { ArnEquals: { "ecs:cluster": clusterArn } },
    },
    {
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [executionRoleArn, taskRoleArn],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}
