import type { PolicyResource } from "@pulumi/policy";
import type { Stack } from "./stack";
import { types } from "../aws/types";
import type { Entries, Properties } from "./values";

/** A metric of metric math, or one on its own. */
export interface ScalingMetric {
  readonly id?: string;
  readonly expression?: string;
  readonly returnData?: boolean;
  readonly namespace?: string;
  readonly metricName?: string;
  readonly statistic?: string;
  readonly dimensions?: Entries<{ readonly name: string }>;
}

interface MetricInMath {
  readonly id?: string;
  readonly expression?: string;
  readonly returnData?: boolean;
  readonly metricStat?: {
    readonly metric?: Pick<ScalingMetric, "namespace" | "metricName" | "dimensions">;
    readonly stat?: string;
  };
}

export interface Tracking {
  readonly targetValue?: number;
  readonly scaleInCooldown?: number;
  readonly scaleOutCooldown?: number;
  readonly disableScaleIn?: boolean;
  readonly predefinedMetricSpecification?: { readonly predefinedMetricType?: string };
  readonly customizedMetricSpecification?: ScalingMetric & { readonly metrics?: readonly MetricInMath[] };
}

/** Capacity providers of a service's tasks, with their shares. */
export interface CapacityProvider {
  readonly capacityProvider?: string;
  readonly base?: number;
  readonly weight?: number;
}

export const capacityProviders = (service: Properties) =>
  service["capacityProviderStrategies"] as Entries<CapacityProvider>;

/** Seconds that ECS waits between two changes where a policy does not say. */
export const defaultCooldown = 300;

export const tracking = ({ props }: PolicyResource) =>
  props["targetTrackingScalingPolicyConfiguration"] as Tracking | undefined;

/** The metrics that a policy names itself, read when they are asked for: an unknown field hides no other. */
export function metricsOf(policy: PolicyResource): readonly ScalingMetric[] {
  const own = tracking(policy)?.customizedMetricSpecification;
  if (!own) return [];
  if (!own.metrics?.length) return [own];
  return Array.from({ length: own.metrics.length }, (_, index) => inMath(() => own.metrics![index] ?? {}));
}

const inMath = (read: () => MetricInMath): ScalingMetric => ({
  get id() {
    return read().id;
  },
  get expression() {
    return read().expression;
  },
  get returnData() {
    return read().returnData;
  },
  get namespace() {
    return read().metricStat?.metric?.namespace;
  },
  get metricName() {
    return read().metricStat?.metric?.metricName;
  },
  get dimensions() {
    return read().metricStat?.metric?.dimensions;
  },
  get statistic() {
    return read().metricStat?.stat;
  },
});

/** Scaling resources of a type for a service; they name the service as its target does, or are made of the target. */
const scalingOf = (stack: Stack, service: PolicyResource, type: string) => [
  ...new Set([
    ...stack.scaledBy(service, type),
    ...stack.scalingTargets(service).flatMap((source) => stack.madeOf(source, type, "resourceId")),
  ]),
];

export const scalingPolicies = (stack: Stack, service: PolicyResource) =>
  scalingOf(stack, service, types.scalingPolicy);

export const scheduledActions = (stack: Stack, service: PolicyResource) =>
  scalingOf(stack, service, types.scheduledAction);
