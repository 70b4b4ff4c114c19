import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * Draws a physical name before the resource is made, because RDS names a log group after it.
 *
 * @param name Logical name, and the beginning of the physical one.
 * @param keepers Values whose change replaces the resource, and draws another name for the new one beside the old one.
 */
export function drawnName(
  name: string,
  opts: pulumi.CustomResourceOptions,
  keepers?: Record<string, pulumi.Input<string>>,
): pulumi.Output<string> {
  const drawn = new random.RandomId(`${name}-name`, { byteLength: 4, ...(keepers && { keepers }) }, opts);
  return pulumi.interpolate`${name}-${drawn.hex}`;
}

/** Makes a log group that RDS would make by itself, to keep for ever, with the first line that it writes. */
export function rdsLogGroup(
  name: string,
  path: pulumi.Input<string>,
  retentionInDays: number,
  opts: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup {
  return new cloudwatch.LogGroup(
    `${name}-log`,
    { name: pulumi.interpolate`/aws/rds/${path}`, retentionInDays },
    opts,
  );
}
