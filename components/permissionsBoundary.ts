import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { getStackResource } from "@pulumi/pulumi/runtime";

/**
 * Puts the boundary on every role that the program creates after this call, except those in `outside`.
 *
 * @throws RunError that names a role that was created before this call, since it would have no boundary.
 */
export function boundEveryRole(permissionsBoundary: pulumi.Input<string>, outside: pulumi.Resource): void {
  const early = madeSoFar(getStackResource(), outside).find((each): boolean => iam.Role.isInstance(each));
  if (early) {
    throw new pulumi.RunError(
      `The role ${early.__name} was made before the boundary of all roles, so that a pipeline could give it any ` +
        "permission. Make it after boundEveryRole (components/chat.ts).",
    );
  }
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined,
  );
}

/** A resource with a field that Pulumi's SDK has, but does not declare in its types. */
type Known = pulumi.Resource & { readonly __name?: string; readonly __childResources?: ReadonlySet<Known> };

function madeSoFar(resource: Known | undefined, outside: pulumi.Resource): readonly Known[] {
  if (resource === undefined || resource === outside) return [];
  return [resource, ...[...(resource.__childResources ?? [])].flatMap((child) => madeSoFar(child, outside))];
}
