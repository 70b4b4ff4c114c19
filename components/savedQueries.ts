import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { MonitoringPlan } from "../stacks/plan/monitoring";
import type { QueriedLog } from "../stacks/plan/monitoring/queries";

/** The queries, and the log groups that they read. */
export interface SavedQueriesArgs {
  /** Queries by alarm, and the name of the stack. */
  readonly plan: Pick<MonitoringPlan, "queries" | "stack">;
  /** Names of the groups of each log; a log that is not written has none. */
  readonly logGroupNames: Readonly<Record<QueriedLog, readonly pulumi.Input<string>[]>>;
}

/** Queries of CloudWatch Logs Insights that show an alarm's cause, in a folder of the stack's own (GAP-35). */
export class SavedQueries extends pulumi.ComponentResource {
  constructor(name: string, args: SavedQueriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:SavedQueries", name, {}, opts);
    const { stack, queries } = args.plan;
    for (const [alarm, { log, query }] of Object.entries(queries)) {
      new cloudwatch.QueryDefinition(
        `${name}-${alarm}`,
        {
          // The console shows the part before the slash as a folder.
          name: `${name}-${stack}/${alarm}`,
          logGroupNames: [...args.logGroupNames[log]],
          queryString: query,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
