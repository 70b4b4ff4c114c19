// Refusals of an RDS instance by what surrounds it: the zones of its subnets and the role of its monitoring.
import { AwsError, type Context } from "./model";
import { roleByArn, trusts } from "./permission";
import { zonesOf as zonesOfSubnets } from "./placement";
import type { Inputs } from "./rdsInstanceInputs";
import { zonesOf } from "./regions";

/** Refuses a zone that the region has not, or that the subnet group does not cover. */
export function requireZone({ availabilityZone, dbSubnetGroupName }: Inputs, context: Context): void {
  if (availabilityZone === undefined) return;
  const ofRegion = zonesOf(context.region);
  if (!ofRegion.includes(availabilityZone))
    throw new AwsError(
      "InvalidParameterValue",
      `Invalid availability zone ${availabilityZone}: ${context.region} has ${ofRegion.join(", ")}`,
    );
  const group = context.account.find("aws:rds/subnetGroup:SubnetGroup", "name", dbSubnetGroupName);
  if (!group) return;
  const covered = zonesOfSubnets(group.inputs.subnetIds as string[], context);
  if (!covered.includes(availabilityZone))
    throw new AwsError(
      "InvalidVPCNetworkStateFault",
      `The DB subnet group ${dbSubnetGroupName} has no subnet in ${availabilityZone}: it covers ${covered.join(", ")}`,
    );
}

/** Refuses a role that enhanced monitoring may not assume. */
export function requireMonitor({ monitoringInterval, monitoringRoleArn }: Inputs, context: Context): void {
  const role = monitoringInterval ? roleByArn(monitoringRoleArn, context) : undefined;
  if (role && !trusts(role, "monitoring.rds.amazonaws.com"))
    throw new AwsError(
      "InvalidParameterValue",
      "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING: " +
        "its trust policy must name monitoring.rds.amazonaws.com",
    );
}
