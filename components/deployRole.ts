import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type DeliveryPlan, sessionSeconds } from "../stacks/plan/delivery";
import { boundaryPolicy } from "../stacks/plan/deploy/boundary";
import { deployPolicies, githubTrust, policyNames } from "../stacks/plan/deploy/policies";

/** Who may take on the role. */
export interface DeployRoleArgs {
  /** Repository and environment on GitHub. */
  readonly plan: DeliveryPlan;
  /** Route 53 zone that the stack writes records into. @default none */
  readonly hostedZoneId?: pulumi.Input<string>;
}

/**
 * The role that GitHub's jobs take on to update this stack, without keys (GAP-29). It may do what the program's resource
 * types need. A person creates it by the first update, and it cannot change itself.
 */
export class DeployRole extends pulumi.ComponentResource {
  /** For the environment's variable `DEPLOY_ROLE_ARN`. */
  readonly arn: pulumi.Output<string>;
  /** The most that a role of the stack may do: without it, whoever makes roles could make an administrator. */
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
