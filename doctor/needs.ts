// Needs of a Plan that an account must meet before the first update.
import type { Plan } from "../stacks/plan";

/** A quota of AWS, and the Plan's need of it. */
export interface QuotaNeed {
  /** AWS's name of it. */
  readonly name: string;
  /** Code of the service in Service Quotas: `fargate`. */
  readonly service: string;
  /** Code of the quota: `L-3032A538`. */
  readonly code: string;
  /** Need of the Plan at its peak. */
  readonly needed: number;
  /** Time of the peak. */
  readonly when: string;
  /** Existing resources that also count against the quota. @default none */
  readonly counts?: "vpcs" | "addresses";
}

const vcpu = (tasks: number, cpuUnits: number) => (tasks * cpuUnits) / 1024;
/** Tasks of a service while old and new ones run side by side. */
const deploying = (tasks: number, maximumPercent: number) => Math.floor((tasks * maximumPercent) / 100);

/** vCPU of all tasks while a release is deployed at full load. */
export function fargateVcpu({ autoscaling, service, task, workers }: Plan): {
  onDemand: number;
  spot: number;
} {
  const chat = vcpu(deploying(autoscaling.maximum, service.maximumPercent), task.cpu);
  // The migration runs as one more task of the chat's size.
  const migration = vcpu(1, task.cpu);
  const onDemand = workers.map((each) => vcpu(deploying(each.onDemandTasks, each.maximumPercent), each.cpu));
  const spot = workers.map((each) =>
    vcpu(
      deploying(each.tasks, each.maximumPercent) - deploying(each.onDemandTasks, each.maximumPercent),
      each.cpu,
    ),
  );
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { onDemand: chat + migration + sum(onDemand), spot: sum(spot) };
}

/** The quotas that a Plan can exceed. */
export function quotaNeeds(plan: Plan): readonly QuotaNeed[] {
  const { onDemand, spot } = fargateVcpu(plan);
  const { natGateways, allowedCidrs } = plan.network;
  const needs: readonly QuotaNeed[] = [
    {
      ...{ name: "Fargate On-Demand vCPU", service: "fargate", code: "L-3032A538" },
      ...{ needed: onDemand, when: "while a release is deployed at full load" },
    },
    {
      ...{ name: "Fargate Spot vCPU", service: "fargate", code: "L-36FBB829" },
      ...{ needed: spot, when: "while the workers are deployed" },
    },
    {
      ...{ name: "Elastic IP addresses", service: "ec2", code: "L-0263D0A3", counts: "addresses" as const },
      ...{ needed: natGateways, when: "one for each NAT gateway" },
    },
    {
      ...{ name: "VPCs per Region", service: "vpc", code: "L-F678F1CE", counts: "vpcs" as const },
      ...{ needed: 1, when: "the stack has one of its own" },
    },
    {
      ...{ name: "rules per security group", service: "vpc", code: "L-0EA8095F" },
      ...{ needed: 2 * allowedCidrs.length, when: "two ports for each of chatpop:allowedCidrs" },
    },
  ];
  return needs.filter(({ needed }) => needed > 0);
}

/** Parts of a Plan that an account's Free plan refuses; may be empty. */
export function beyondFreePlan({ database }: Plan): readonly string[] {
  return [
    ...(/\.micro$/.test(database.instanceClass) ? [] : [`the database ${database.instanceClass}`]),
    ...(database.backupDays > 1 ? [`backups of ${database.backupDays} days`] : []),
  ];
}

/** Roles that AWS makes at the first use of a service; it may refuse that first use while the role is missing. */
export const serviceLinkedRoles: Readonly<Record<string, string>> = {
  AWSServiceRoleForECS: "ecs.amazonaws.com",
  AWSServiceRoleForRDS: "rds.amazonaws.com",
  AWSServiceRoleForElastiCache: "elasticache.amazonaws.com",
  AWSServiceRoleForElasticLoadBalancing: "elasticloadbalancing.amazonaws.com",
  AWSServiceRoleForApplicationAutoScaling_ECSService: "ecs.application-autoscaling.amazonaws.com",
};
