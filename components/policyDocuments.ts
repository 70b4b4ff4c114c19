import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "./lambdaFunction";
import type { TaskDefinition } from "./taskDefinition";

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
  { family, application }: TaskDefinition,
): readonly PolicyStatement[] {
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
      Resource: [application.executionRoleArn, application.taskRoleArn],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}
