import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type DeliveryPlan, sessionSeconds } from "../stacks/plan/delivery";
import { boundaryPolicy } from "../stacks/plan/deploy/boundary";
import { deployPolicies, githubTrust, policyNames } from "../stacks/plan/deploy/policies";

/** The jobs that may assume the role. */
export interface DeployRoleArgs {
  /** Repository and environment on GitHub. */
  readonly plan: DeliveryPlan;
  /** Route 53 zone that the stack writes records into. @default none */
  readonly hostedZoneId?: pulumi.Input<string>;
}

/**
 * The role that GitHub's jobs assume to update this stack, without stored keys (GAP-29). It has the permissions that
 * the
 * program's resource types need. A person creates it by the first update, and it cannot change itself.
 */
export class DeployRole extends pulumi.ComponentResource {
  /** ARN, for the GitHub environment's variable `DEPLOY_ROLE_ARN`. */
  readonly arn: pulumi.Output<string>;
  /**
   * Permissions boundary of the stack's roles: without it, the right to create roles would be the right to create an
   * administrator.
   */
  readonly boundaryArn: pulumi.Output<string>;

  constructor(name: string, args: DeployRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:delivery:DeployRole", name, {}, opts);
    const { repository, environment, secretArns } = args.plan;
    const place = pulumi
      .all([getCallerIdentityOutput({}, { parent: this }), getRegionOutput({}, { parent: this })])
      .apply(([{ accountId }, { region }]) => ({ accountId, region }));

    const boundary = new iam.Policy(
      `${name}-boundary`,
      {
        description: "The most that a role of this stack may do",
        policy: place.apply((where) => boundaryPolicy({ ...where, secretArns })),
      },
      { parent: this },
    );
    const role = new iam.Role(
      `${name}-deploy`,
      {
        description: `Updates this stack from ${repository}, environment ${environment}`,
        assumeRolePolicy: place.apply(({ accountId }) => githubTrust(repository, environment, accountId)),
        maxSessionDuration: sessionSeconds,
      },
      { parent: this },
    );
    const policies = pulumi
      .all([place, boundary.arn, args.hostedZoneId])
      .apply(([where, boundaryArn, zoneId]) => deployPolicies({ ...where, boundaryArn, zoneId }));
    for (const group of policyNames) {
      const policy = new iam.Policy(
        `${name}-deploy-${group}`,
        { policy: policies.apply((documents) => documents[group]!) },
        { parent: this },
      );
      new iam.RolePolicyAttachment(
        `${name}-deploy-${group}`,
        { role: role.name, policyArn: policy.arn },
        { parent: this },
      );
    }

    this.arn = role.arn;
    this.boundaryArn = boundary.arn;
    this.registerOutputs({ arn: this.arn, boundaryArn: this.boundaryArn });
  }
}
