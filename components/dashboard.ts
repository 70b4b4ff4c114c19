import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { dashboardBody, type DimensionsBySubject } from "../stacks/plan/monitoring/dashboard";
import type { MonitoringPlan } from "../stacks/plan/monitoring";

/** Content of the dashboard. */
export interface DashboardArgs {
  /** Groups of panels, from top to bottom. */
  readonly plan: MonitoringPlan["dashboard"];
  /** CloudWatch dimensions of the resources on the dashboard. */
  readonly dimensions: DimensionsBySubject<pulumi.Input<string>>;
  /** Alarms whose state is shown at the top. */
  readonly alarmArns: readonly pulumi.Input<string>[];
}

/** One page with all watched metrics (G-184). */
export class Dashboard extends pulumi.ComponentResource {
  /** URL of the dashboard in the AWS console. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:Dashboard", name, {}, opts);
    const { region } = getRegionOutput({}, { parent: this });

    const dashboard = new cloudwatch.Dashboard(
      name,
      {
        // AWS needs a name, unique over all regions of the account.
        dashboardName: `${name}-${pulumi.getStack().replaceAll(".", "-")}`,
        dashboardBody: pulumi
          .all([pulumi.output(args.dimensions), pulumi.all([...args.alarmArns]), region])
          .apply(([dimensions, alarmArns, inRegion]) =>
            JSON.stringify(dashboardBody(args.plan, dimensions as DimensionsBySubject, alarmArns, inRegion)),
          ),
      },
      { parent: this },
    );

    this.url = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ url: this.url });
  }
}
