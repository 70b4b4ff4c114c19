import * as pulumi from "@pulumi/pulumi";
import type { Application } from "./fargateTask";

/** One statement of an IAM policy. */
export interface PolicyStatement {
  /** Purpose of the statement, for a policy with several. @default none */
  readonly Sid?: string;
  /** Everything without an `Allow` is denied; a `Deny` also overrides the `Allow` of other policies. */
  readonly Effect: "Allow" | "Deny";
  /** The caller, in the policy of a resource. @default the role that has the policy */
  readonly Principal?: "*" | { readonly Service: string } | { readonly AWS: pulumi.Input<string> };
  /** Actions with the service's prefix: `ecs:RunTask`. */
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

/** Permission to run tasks of the definition's family in one cluster, and to pass them their two roles. */
export function startsTasks(
  clusterArn: pulumi.Input<string>,
  { family, application }: { readonly family: pulumi.Input<string>; readonly application: Application },
): readonly PolicyStatement[] {
  const { executionRoleArn, taskRoleArn } = application;
  return [
    {
      Effect: "Allow",
      Action: ["ecs:RunTask"],
      // The ARN of the family: the revision's ARN is unknown in the preview of every release.
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
