import * as pulumi from "@pulumi/pulumi";
import type { Application } from "./fargateTask";

/** One statement of an IAM policy. */
export interface PolicyStatement {
  /** Says what the statement is for, where a policy has more than one. @default none */
  readonly Sid?: string;
  /** What nobody allows is denied: a `Deny` is for what others could allow. */
  readonly Effect: "Allow" | "Deny";
  /** Who is meant, in the policy of a resource. @default the role that has the policy */
  readonly Principal?: "*" | { readonly Service: string } | { readonly AWS: pulumi.Input<string> };
  /** With the service in front: `ecs:RunTask`. */
  readonly Action: string | readonly string[];
  /** ARNs, which may hold wildcards, or `*`. @default none, in the trust policy of a role */
  readonly Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  /** Operator, key, value: `{ ArnEquals: { "ecs:cluster": arn } }`; left out, it always holds. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** The JSON text of a policy. */
export function policyDocument(...statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** A trust policy: which AWS service may assume the role. */
export function assumedBy(service: string): pulumi.Output<string> {
  return policyDocument({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } });
}

/** ARNs of all tasks or services of a cluster. */
export const inCluster = (
  kind: "task" | "service",
  clusterArn: pulumi.Input<string>,
): pulumi.Output<string> =>
  pulumi.output(clusterArn).apply((arn) => `${arn.replace(":cluster/", `:${kind}/`)}/*`);

/** Leave to run tasks of the definition's family in one cluster, and to hand them their two roles. */
export function startsTasks(
  clusterArn: pulumi.Input<string>,
  { family, application }: { readonly family: pulumi.Input<string>; readonly application: Application },
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
