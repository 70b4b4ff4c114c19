import type { PolicyResource } from "@pulumi/policy";
import { containers } from "../containers";
import { isPrivate, leadsNowhere, reachesNothing } from "../routes";
import { stackRule } from "../rule";
import { has, type Stack } from "../stack";
import { types } from "../../aws/types";
import { asText, type Entries, type Finding, findingIn, known } from "../values";

/** Managed policies that let ECS pull an image and write a log in a task's name. */
const pulls =
  /AdministratorAccess|PowerUserAccess|AmazonECSTaskExecutionRolePolicy$|AmazonEC2ContainerRegistry(ReadOnly|PullOnly|PowerUser|FullAccess)$/;
/** Managed policies that let it read secrets. */
const reads = /AdministratorAccess|PowerUserAccess|SecretsManager|SSM/;

const inOwnRegistry = (image: string) => /\.dkr\.ecr\./.test(image);

const needsRegistry = (stack: Stack, task: PolicyResource) =>
  stack.sources(task, "containerDefinitions", types.repository).length > 0 ||
  containers(task.props).some(({ image }) => inOwnRegistry(image));

/** Policies of a role: its own, and attached ones of the stack. */
function* documentsOf(stack: Stack, role: PolicyResource) {
  yield* stack.madeOf(role, types.rolePolicy, "role");
  for (const attachment of stack.madeOf(role, types.rolePolicyAttachment, "role"))
    yield* stack.sources(attachment, "policyArn", types.policy);
}

/**
 * Whether a role may do something, as far as the stack shows it. In a preview a policy's text is unknown as soon as it is made
 * of a resource: what it is made of says what it is about.
 */
function may(
  stack: Stack,
  role: PolicyResource,
  managed: RegExp,
  action: RegExp,
  madeOf: readonly string[],
): boolean {
  if (has(role, "managedPolicyArns") || has(role, "inlinePolicies")) return true;
  const attached = stack.madeOf(role, types.rolePolicyAttachment, "role");
  const byName = attached.some((attachment) => {
    const arn = known(() => attachment.props["policyArn"]);
    const isOwn = stack.sources(attachment, "policyArn", types.policy).length > 0;
    // A policy that is made elsewhere, and named by what only the update knows, may allow it.
    return arn === undefined ? !isOwn : managed.test(asText(arn)) || !/:aws:policy\//.test(asText(arn));
  });
  return (
    byName ||
    [...documentsOf(stack, role)].some((each) => {
      const text = known(() => asText(each.props["policy"]));
      return text === undefined
        ? madeOf.some((type) => stack.sources(each, "policy", type).length > 0) ||
            (each.propertyDependencies["policy"] ?? []).length === 0
        : action.test(text);
    })
  );
}

const isOnFargate = ({ props }: PolicyResource) =>
  Boolean(findingIn(props["requiresCompatibilities"] as Entries<string>, (one) => one === "FARGATE" && one));

function noWayOut(stack: Stack, service: PolicyResource): Finding {
  const network = service.props["networkConfiguration"] as
    { readonly assignPublicIp?: boolean } | null | undefined;
  if (!network) return undefined;
  const groups = stack.sources(service, "networkConfiguration", types.securityGroup);
  if (reachesNothing(stack, groups, 443))
    return "its security groups let nothing out to the registry (port 443)";
  const subnets = stack.sources(service, "networkConfiguration", types.subnet);
  const deaf = subnets
    .flatMap((subnet) => stack.sources(subnet, "vpcId", types.vpc))
    .find((vpc) => known(() => vpc.props["enableDnsSupport"]) === false);
  if (deaf) return `${deaf.name} resolves no names (enableDnsSupport false), not even the registry's`;
  const hasEndpoints = stack.ofType(types.vpcEndpoint).length > 1;
  if (network.assignPublicIp || hasEndpoints || subnets.length === 0) return undefined;
  const cut = subnets.find((subnet) => leadsNowhere(stack, subnet));
  if (cut) return `its tasks have no public address, and no route leads out of ${cut.name}`;
  return (
    stack.ofType(types.natGateway).length === 0 &&
    stack.ofType(types.internetGateway).length > 0 &&
    "its tasks have no public address, and no NAT gateway or endpoint leads to the registry"
  );
}

export const tasksPullTheirImage = stackRule(
  {
    name: "tasks-pull-their-image",
    description:
      "A task can start: its execution role may pull its image and read its secrets, and the network leads to the registry",
    severity: "high",
    requirements: ["G-58", "GAP-46"],
    remedy:
      "executionRoleArn with AmazonECSTaskExecutionRolePolicy and secretsmanager:GetSecretValue; assignPublicIp: true in a public subnet, or a route to a NAT gateway; egress on port 443",
  },
  function* (stack) {
    for (const task of stack.ofType(types.taskDefinition)) {
      yield* stack.judge(
        task,
        () =>
          isOnFargate(task) &&
          needsRegistry(stack, task) &&
          !has(task, "executionRoleArn") &&
          "has no execution role, so ECS cannot pull its image",
      );
      const secrets = [types.secret, types.secretVersion].flatMap((type) =>
        stack.sources(task, "containerDefinitions", type),
      );
      for (const role of stack.sources(task, "executionRoleArn", types.role)) {
        yield* stack.judge(
          role,
          () =>
            needsRegistry(stack, task) &&
            !may(stack, role, pulls, /ecr:|"\*"/, [types.repository]) &&
            `may not pull images for ${task.name}`,
        );
        yield* stack.judge(
          role,
          () =>
            secrets.length > 0 &&
            !may(stack, role, reads, /secretsmanager:|"\*"/, [types.secret, types.secretVersion]) &&
            `may not read the secrets of ${task.name}`,
        );
      }
    }
    for (const service of stack.ofType(types.service))
      yield* stack.judge(service, () => noWayOut(stack, service));
  },
);

export const loadBalancerReachable = stackRule(
  {
    name: "load-balancer-reachable",
    description: "The internet reaches the chat's load balancer, which stands in public subnets",
    severity: "high",
    requirements: ["G-50", "G-191"],
    remedy: "internal: false, and subnets whose route table has an internet gateway",
  },
  function* (stack) {
    // CloudFront reaches one that is internal.
    if (stack.ofType(types.vpcOrigin).length > 0) return;
    const targets = stack.chatTargets();
    const leadsToChat = (balancer: PolicyResource) =>
      stack
        .madeOf(balancer, types.listener, "loadBalancerArn")
        .flatMap((listener) => [
          [listener, "defaultActions"] as const,
          ...stack
            .madeOf(listener, types.listenerRule, "listenerArn")
            .map((rule) => [rule, "actions"] as const),
        ])
        .some(([each, actions]) =>
          stack.sources(each, actions, types.targetGroup).some((one) => targets.includes(one)),
        );
    for (const balancer of stack.ofType(types.loadBalancer).filter(leadsToChat)) {
      yield* stack.judge(
        balancer,
        () => balancer.props["internal"] === true && "is internal: nobody reaches the chat",
      );
      yield* stack.judge(balancer, () => {
        const [cut] = stack
          .sources(balancer, "subnets", types.subnet)
          .filter((subnet) => isPrivate(stack, subnet));
        return cut && `stands in ${cut.name}, which the internet does not reach`;
      });
    }
  },
);
