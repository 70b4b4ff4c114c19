import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { boundaryPolicy } from "../stacks/deploy/boundary";
import { deployPolicies, githubTrust, policyNames } from "../stacks/deploy/policies";
import type { DeliveryPlan } from "../stacks/decisions";

/** Who may take on the role. */
export interface DeployRoleArgs {
  /** Repository and environment on GitHub. */
  readonly plan: DeliveryPlan;
}

/**
 * The role that GitHub's jobs take on to update this stack, without keys (GAP-29). It may do what the program's resource
 * types need. A person creates it by the first update, and it cannot change itself.
 *
 * Has to be registered before all other roles: they get the boundary that it puts on what they may do.
 */
export class DeployRole extends pulumi.ComponentResource {
  /** For the environment's variable `DEPLOY_ROLE_ARN`. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DeployRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:delivery:DeployRole", name, {}, opts);
    const { repository, environment } = args.plan;
    const place = pulumi
      .all([getCallerIdentityOutput({}, { parent: this }), getRegionOutput({}, { parent: this })])
      .apply(([{ accountId }, { region }]) => ({ accountId, region }));

    const boundary = new iam.Policy(
      `${name}-boundary`,
      {
        description: "The most that a role of this stack may do",
        policy: place.apply(boundaryPolicy),
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
    const policies = pulumi.all([place, boundary.arn]).apply(([where, arn]) => deployPolicies(where, arn));
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
    boundEveryFurtherRole(boundary.arn);

    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** An update with a database to create and a migration to wait for takes longer than the usual hour. */
const sessionSeconds = 7_200;

function boundEveryFurtherRole(permissionsBoundary: pulumi.Output<string>): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined,
  );
}
