import * as appautoscaling from "@pulumi/aws/appautoscaling";
import * as pulumi from "@pulumi/pulumi";
import type { AutoscalingPlan } from "../stacks/plan";

export interface AutoscalingArgs {
  readonly plan: AutoscalingPlan;
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  /** `app/<load balancer>/<id>/targetgroup/<target group>/<id>`. */
  readonly resourceLabel: pulumi.Input<string>;
}

/** Keeps the number of tasks in proportion to their load (G-74 … G-76). */
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
    const track = (
      policyName: string,
      metric: appautoscaling.PolicyArgs["targetTrackingScalingPolicyConfiguration"] & object,
    ) =>
      new appautoscaling.Policy(
        policyName,
        {
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          targetTrackingScalingPolicyConfiguration: metric,
        },
        { parent: this },
      );
    const cooldowns = { scaleInCooldown: plan.scaleInCooldown, scaleOutCooldown: plan.scaleOutCooldown };

    track(`${name}-cpu`, {
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      targetValue: plan.cpuTarget,
      ...cooldowns,
    });
    if (plan.requestsPerTarget !== undefined) {
      track(`${name}-requests`, {
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: args.resourceLabel,
        },
        targetValue: plan.requestsPerTarget,
        ...cooldowns,
      });
    }
    this.registerOutputs({});
  }
}
