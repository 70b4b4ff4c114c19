// Imports: identifiers, where the real provider demands another one than the id, and properties that AWS does not
// return.
import type { Properties, Resource } from "../account";

/** Identifiers by type; properties of the resource stand in braces. */
const forms: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/route:Route": [
    "{routeTableId}_{destinationCidrBlock}",
    "{routeTableId}_{destinationIpv6CidrBlock}",
    "{routeTableId}_{destinationPrefixListId}",
  ],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    "{subnetId}/{routeTableId}",
    "{gatewayId}/{routeTableId}",
  ],
  "aws:ec2/defaultRouteTable:DefaultRouteTable": ["{vpcId}"],
  "aws:ec2/securityGroupRule:SecurityGroupRule": [
    "{securityGroupId}_{type}_{protocol}_{fromPort}_{toPort}_{cidrBlocks}",
    "{securityGroupId}_{type}_{protocol}_{fromPort}_{toPort}_{sourceSecurityGroupId}",
  ],
  "aws:rds/instance:Instance": ["{identifier}"],
  "aws:wafv2/webAcl:WebAcl": ["{id}/{name}/{scope}"],
  "aws:appautoscaling/target:Target": ["{serviceNamespace}/{resourceId}/{scalableDimension}"],
  "aws:appautoscaling/policy:Policy": ["{serviceNamespace}/{resourceId}/{scalableDimension}/{name}"],
  "aws:backup/selection:Selection": ["{planId}|{id}"],
  "aws:cloudwatch/eventRule:EventRule": ["default/{name}", "{eventBusName}/{name}"],
  "aws:cloudwatch/eventTarget:EventTarget": ["{rule}/{targetId}", "{eventBusName}/{rule}/{targetId}"],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": ["{logGroupName}:{name}"],
  "aws:ecs/cluster:Cluster": ["{name}"],
  "aws:ecs/service:Service": ["{cluster}/{name}"],
  "aws:lambda/permission:Permission": ["{function}/{statementId}"],
  "aws:s3/bucketObject:BucketObject": ["{bucket}/{key}", "s3://{bucket}/{key}"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["{bucket}/{key}", "s3://{bucket}/{key}"],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ["{id}:{vpc}"],
};

/** Whether the real provider accepts `identifier` for that resource. */
export function isImportedAs(resource: Resource, identifier: string): boolean {
  return (
    resource.id === identifier ||
    (forms[resource.type] ?? []).some((form) => filled(form, resource) === identifier)
  );
}

/** The form with the resource's properties; undefined if one is missing. */
function filled(form: string, { id, outputs }: Resource): string | undefined {
  const values = [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => (name === "id" ? id : outputs[name!]));
  if (values.some((value) => value === undefined || value === null)) return undefined;
  const texts = values.map((value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    // The input may be a cluster's ARN; the identifier has its name.
    return list.map((each) => String(each).replace(/^arn:aws:ecs:.*:cluster\//, "")).join("_");
  });
  return form.replace(/\{\w+\}/g, () => texts.shift()!);
}

/** Properties that AWS does not return, by type: passwords, and settings of the provider itself. */
const unread: Readonly<Record<string, readonly string[]>> = {
  "aws:ecr/repository:Repository": ["forceDelete"],
  "aws:ecs/service:Service": ["forceDelete", "forceNewDeployment", "waitForSteadyState"],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    "applyImmediately",
    "authToken",
    "authTokenUpdateStrategy",
    "finalSnapshotIdentifier",
  ],
  "aws:iam/user:User": ["forceDestroy"],
  "aws:rds/instance:Instance": [
    "allowMajorVersionUpgrade",
    "applyImmediately",
    "deleteAutomatedBackups",
    "finalSnapshotIdentifier",
    "password",
    "skipFinalSnapshot",
    "snapshotIdentifier",
  ],
  "aws:s3/bucket:Bucket": ["forceDestroy"],
  "aws:secretsmanager/secret:Secret": ["forceOverwriteReplicaSecret", "recoveryWindowInDays"],
};

/** Whether AWS receives a property only at creation, and never returns it. */
export function isUnread(type: string, property: string): boolean {
  return unread[type]?.includes(property) ?? false;
}

/** The properties that AWS returns of a resource without a state. */
export function returned(type: string, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !isUnread(type, name)));
}
