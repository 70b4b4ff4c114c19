// Application Auto Scaling: the limits of a service's task count.
import type { Resource } from "../account";
import { AwsError, type Properties } from "../models/model";
import { authorize, type Caller, type Operation, type Operations } from "./call";

const targetType = "aws:appautoscaling/target:Target";

const describeScalableTargets: Operation = (input, caller) => {
  authorize(caller, "application-autoscaling:DescribeScalableTargets", "*");
  const ids = input.ResourceIds as string[] | undefined;
  const found = caller.context.account
    .list(targetType)
    .filter(({ inputs }) => inputs.serviceNamespace === input.ServiceNamespace)
    .filter(({ inputs }) => ids === undefined || ids.includes(String(inputs.resourceId)));
  return { ScalableTargets: found.map(described) };
};

/** Changes a target. AWS also creates a missing one, which no caller here needs. */
const registerScalableTarget: Operation = (input, caller) => {
  const { account, revise } = caller.context;
  const target = account.find(targetType, "resourceId", input.ResourceId);
  if (!target) throw new AwsError("ValidationException", `No scalable target ${String(input.ResourceId)}`);
  requirePermission(target, caller);
  const limits = {
    minCapacity: Number(input.MinCapacity ?? target.inputs.minCapacity),
    maxCapacity: Number(input.MaxCapacity ?? target.inputs.maxCapacity),
  };
  if (limits.minCapacity > limits.maxCapacity) {
    throw new AwsError("ValidationException", "Maximum capacity cannot be less than minimum capacity");
  }
  revise?.(target, limits);
  return { ScalableTargetARN: target.outputs.arn };
};

/** AWS also demands permission for the service, because it changes the task count in the caller's name. */
function requirePermission({ inputs, outputs }: Resource, caller: Caller): void {
  const { region, accountId } = caller.context;
  const [, cluster = "", service = ""] = String(inputs.resourceId).split("/");
  authorize(caller, "application-autoscaling:RegisterScalableTarget", String(outputs.arn), {
    "application-autoscaling:service-namespace": String(inputs.serviceNamespace),
    "application-autoscaling:scalable-dimension": String(inputs.scalableDimension),
  });
  const keys = { "ecs:cluster": `arn:aws:ecs:${region}:${accountId}:cluster/${cluster}` };
  for (const action of ["ecs:DescribeServices", "ecs:UpdateService"]) {
    authorize(caller, action, `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${service}`, keys);
  }
}

const described = ({ inputs, outputs }: Resource): Properties => ({
  ServiceNamespace: inputs.serviceNamespace,
  ResourceId: inputs.resourceId,
  ScalableDimension: inputs.scalableDimension,
  MinCapacity: inputs.minCapacity,
  MaxCapacity: inputs.maxCapacity,
  RoleARN: outputs.roleArn,
  CreationTime: 0,
  ScalableTargetARN: outputs.arn,
});

export const operations: Operations = {
  DescribeScalableTargets: describeScalableTargets,
  RegisterScalableTarget: registerScalableTarget,
};
