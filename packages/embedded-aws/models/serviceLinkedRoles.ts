// Service-linked roles, which AWS creates by itself at the first call that needs them.
import { AwsError, type Context } from "./model";
import { trace } from "./traces";

interface Linked {
  readonly name: string;
  readonly service: string;
  /** Types whose creation makes the role without a wait for it. */
  readonly madeBy: readonly string[];
  /** Types whose creation AWS refuses until it can assume the role, with its error. */
  readonly neededBy: Readonly<Record<string, { code: string; message: string }>>;
}

const ecs = {
  code: "InvalidParameterException",
  message: "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
};

/** The services with such a role, as far as programs of this kind meet them. */
const linkedRoles: readonly Linked[] = [
  {
    name: "AWSServiceRoleForECS",
    service: "ecs.amazonaws.com",
    madeBy: ["aws:ecs/cluster:Cluster"],
    neededBy: {
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": ecs,
      "aws:ecs/service:Service": ecs,
    },
  },
  {
    name: "AWSServiceRoleForRDS",
    service: "rds.amazonaws.com",
    madeBy: ["aws:rds/instance:Instance"],
    neededBy: {
      "aws:rds/proxy:Proxy": {
        code: "InvalidParameterValue",
        message:
          "Unable to create the resource. Verify that you have permission to create service linked role. Otherwise wait and try again later",
      },
    },
  },
  {
    name: "AWSServiceRoleForElastiCache",
    service: "elasticache.amazonaws.com",
    madeBy: ["aws:elasticache/subnetGroup:SubnetGroup"],
    neededBy: {
      "aws:elasticache/replicationGroup:ReplicationGroup": {
        code: "ServiceLinkedRoleNotFoundFault",
        message: "The specified service linked role (SLR) was not found.",
      },
    },
  },
  {
    name: "AWSServiceRoleForElasticLoadBalancing",
    service: "elasticloadbalancing.amazonaws.com",
    madeBy: ["aws:lb/loadBalancer:LoadBalancer"],
    neededBy: {},
  },
  {
    name: "AWSServiceRoleForApplicationAutoScaling_ECSService",
    service: "ecs.application-autoscaling.amazonaws.com",
    madeBy: ["aws:appautoscaling/target:Target"],
    neededBy: {},
  },
];

/** Kind of the trace of a role. */
const kind = "service-linked role";

/** Simulated seconds before AWS can assume a role that it has just made. */
const settling = 60;

/** Traces of the roles that a creation makes, even if AWS then refuses it. */
export function rolesMadeBy(type: string, context: Context) {
  if (context.settings.serviceLinkedRoles === "present") return [];
  return linkedRoles
    .filter(({ madeBy, neededBy }) => madeBy.includes(type) || type in neededBy)
    .filter(({ name }) => !trace(context, kind, name))
    .map(({ name }) => traceOf(name, context));
}

/** Refuses a resource while the service's role is too new. */
export function requireServiceLinkedRole(type: string, context: Context): void {
  if (context.settings.serviceLinkedRoles === "present") return;
  for (const { name, neededBy } of linkedRoles) {
    const words = neededBy[type];
    const made = trace(context, kind, name);
    const age = context.clock.now().getTime() - new Date(String(made?.properties?.since)).getTime();
    if (!words || (made && age >= settling * 1000)) continue;
    // Simulated waiting, for callers that try again.
    context.clock.pass(settling / 3);
    throw new AwsError(words.code, words.message);
  }
}

function traceOf(name: string, { clock }: Context) {
  return { kind, name, properties: { since: clock.now().toISOString() } };
}

/** A service-linked role by its name, which may not exist yet. */
export function serviceLinkedRole(name: string, context: Context) {
  const found = linkedRoles.find((each) => each.name === name);
  if (!found) return undefined;
  const path = `/aws-service-role/${found.service}/`;
  return {
    ...{ name, path, arn: `arn:aws:iam::${context.accountId}:role${path}${name}` },
    exists: context.settings.serviceLinkedRoles === "present" || trace(context, kind, name) !== undefined,
  };
}

/** Makes the role of a service, as `aws iam create-service-linked-role` does. */
export function makeServiceLinkedRole(service: string, context: Context) {
  const found = linkedRoles.find((each) => each.service === service);
  if (!found)
    throw new AwsError("InvalidInput", `The embedded AWS knows no service-linked role of ${service}`);
  const role = serviceLinkedRole(found.name, context);
  if (!role || role.exists) {
    throw new AwsError(
      "InvalidInput",
      `Service role name ${found.name} has been taken in this account, please try a different suffix.`,
    );
  }
  context.leave?.(traceOf(found.name, context));
  return role;
}
