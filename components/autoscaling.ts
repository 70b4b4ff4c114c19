import * as appautoscaling from "@pulumi/aws/appautoscaling";
import type { input } from "@pulumi/aws/types";
import * as pulumi from "@pulumi/pulumi";
import type { AutoscalingPlan, TargetTrackingPlan } from "../stacks/plan/autoscaling";

/** The service, its limits, and its metrics. */
export interface AutoscalingArgs {
  /** Limits, targets and cool-downs. */
  readonly plan: AutoscalingPlan;
  /** Name, not ARN, as in `service/<cluster>/<service>`. */
  readonly clusterName: pulumi.Input<string>;
  /** Name of the service. Nothing else may set its task count. */
  readonly serviceName: pulumi.Input<string>;
  /** The load balancer and its target group, as CloudWatch names them. */
  readonly loadBalancer: {
    readonly arnSuffix: pulumi.Input<string>;
    readonly targetGroupArnSuffix: pulumi.Input<string>;
  };
}

type Metric = Omit<input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration, "targetValue">;

/** Keeps the number of tasks in proportion to their load (G-74 … G-76, G-157), and by the clock (G-176). */
export class Autoscaling extends pulumi.ComponentResource {
  constructor(name: string, args: AutoscalingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Autoscaling", name, {}, opts);
    const { plan } = args;

    const target = new appautoscaling.Target(
      `${name}-backend`,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.clusterName}/${args.serviceName}`,
        minCapacity: plan.minimum,
        maxCapacity: plan.maximum,
      },
      { parent: this },
    );
    const scaled = {
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
    };
    const track = (what: string, metric: Metric, tracking: TargetTrackingPlan | undefined) =>
      tracking &&
      new appautoscaling.Policy(
        `${name}-${what}`,
        {
          ...scaled,
          policyType: "TargetTrackingScaling",
          targetTrackingScalingPolicyConfiguration: {
            ...metric,
            targetValue: tracking.target,
            scaleInCooldown: tracking.scaleInCooldown,
            scaleOutCooldown: tracking.scaleOutCooldown,
          },
        },
        { parent: this },
      );

    track("cpu", predefined("ECSServiceAverageCPUUtilization"), plan.cpu);
    track("connections", connectionsPerTask(args.loadBalancer), plan.connections);
    track(
      "requests",
      predefined("ALBRequestCountPerTarget", resourceLabel(args.loadBalancer)),
      plan.requests,
    );
    for (const { name: limits, schedule, timezone, minimum, maximum } of plan.schedule) {
      new appautoscaling.ScheduledAction(
        `${name}-${limits}`,
        {
          ...scaled,
          schedule,
          timezone,
          scalableTargetAction: { minCapacity: minimum, maxCapacity: maximum },
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

const predefined = (predefinedMetricType: string, label?: pulumi.Input<string>): Metric => ({
  predefinedMetricSpecification: { predefinedMetricType, resourceLabel: label },
});

const resourceLabel = ({ arnSuffix, targetGroupArnSuffix }: AutoscalingArgs["loadBalancer"]) =>
  pulumi.interpolate`${arnSuffix}/${targetGroupArnSuffix}`;

/**
 * No predefined metric counts open sockets (GAP-33). The load balancer counts connections on both of its sides (hence
 * the 2), and has no count for each target group.
 */
function connectionsPerTask({ arnSuffix, targetGroupArnSuffix }: AutoscalingArgs["loadBalancer"]): Metric {
  const ofLoadBalancer = { name: "LoadBalancer", value: arnSuffix };
  const ofTargetGroup = { name: "TargetGroup", value: targetGroupArnSuffix };
  const namespace = "AWS/ApplicationELB";
  return {
    customizedMetricSpecification: {
      metrics: [
        {
          id: "connections",
          metricStat: {
            metric: { namespace, metricName: "ActiveConnectionCount", dimensions: [ofLoadBalancer] },
            stat: "Sum",
          },
          returnData: false,
        },
        {
          id: "tasks",
          metricStat: {
            metric: {
              namespace,
              metricName: "HealthyHostCount",
              dimensions: [ofLoadBalancer, ofTargetGroup],
            },
            stat: "Maximum",
          },
          returnData: false,
        },
        { id: "perTask", expression: "connections / (2 * tasks)", returnData: true },
      ],
    },
  };
}
