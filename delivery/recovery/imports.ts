// Import ids of resources that an interrupted update has made without an entry in the state: by type, as data.
import type { Inputs } from "./state";

/** The way to a resource's import id. */
export type Way =
  /** Its inputs hold the id: `{subnetId}/{routeTableId}`. */
  | { readonly inputs: string }
  /**
   * Its tags and the beginning of its name lead to an ARN of that kind (`:vpc/`); its tags alone where AWS draws all of the
   * ARN (`isDrawn`). The id is made of `{arn}`, its `{last}` part, the `{rest}` after the kind, and inputs.
   */
  | { readonly kind: string; readonly id: string; readonly isDrawn?: true }
  /** Without tags and with a random id, it cannot be found by itself. This command of AWS's CLI lists it. */
  | { readonly look: string };

const ec2 = (kind: string): Way => ({ kind: `:${kind}/`, id: "{last}", isDrawn: true });
const named = (kind: string): Way => ({ kind, id: "{rest}" });
const byArn = (kind: string): Way => ({ kind, id: "{arn}" });

/**
 * Ways by type token. The next update simply creates other types again: their creation is the same call as their change
 * and finds the resource by its name (settings of a bucket, a topic's policy), or they are nothing in AWS (an
 * invocation). Types with random names are here even then, because the next name differs.
 */
export const ways: Readonly<Record<string, Way | undefined>> = {
  "aws:ec2/eip:Eip": ec2("elastic-ip"),
  "aws:ec2/flowLog:FlowLog": ec2("vpc-flow-log"),
  "aws:ec2/internetGateway:InternetGateway": ec2("internet-gateway"),
  "aws:ec2/natGateway:NatGateway": ec2("natgateway"),
  "aws:ec2/routeTable:RouteTable": ec2("route-table"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("security-group"),
  "aws:ec2/subnet:Subnet": ec2("subnet"),
  "aws:ec2/vpc:Vpc": ec2("vpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpc-endpoint"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("security-group-rule"),
  "aws:ec2/route:Route": { inputs: "{routeTableId}_{destinationCidrBlock}" },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { inputs: "{subnetId}/{routeTableId}" },

  "aws:appautoscaling/policy:Policy": {
    inputs: "{serviceNamespace}/{resourceId}/{scalableDimension}/{name}",
  },
  // The provider cannot import it.
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    look: "aws application-autoscaling describe-scheduled-actions --service-namespace {serviceNamespace} --scheduled-action-names {name}",
  },
  "aws:acm/certificate:Certificate": byArn(":certificate/"),
  "aws:backup/vault:Vault": named(":backup-vault:"),
  "aws:backup/plan:Plan": { kind: ":backup-plan:", id: "{rest}", isDrawn: true },
  "aws:backup/selection:Selection": { look: "aws backup list-backup-selections --backup-plan-id {planId}" },
  "aws:budgets/budget:Budget": {
    look: "aws budgets describe-budgets --account-id $(aws sts get-caller-identity --query Account --output text)",
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": { look: "aws ce get-anomaly-monitors" },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": { look: "aws ce get-anomaly-subscriptions" },
  "aws:cloudfront/distribution:Distribution": ec2("distribution"),
  "aws:cloudfront/keyGroup:KeyGroup": { look: "aws cloudfront list-key-groups" },
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    look: "aws cloudfront list-origin-access-controls",
  },
  "aws:cloudfront/publicKey:PublicKey": { look: "aws cloudfront list-public-keys" },
  "aws:cloudwatch/logGroup:LogGroup": named(":log-group:"),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": named(":alarm:"),
  "aws:cloudwatch/eventRule:EventRule": named(":rule/"),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": { inputs: "{logGroupName}:{name}" },
  "aws:cloudwatch/queryDefinition:QueryDefinition": named(":query-definition:"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named(":alarm:"),
  "aws:ecr/repository:Repository": named(":repository/"),
  "aws:ecs/cluster:Cluster": named(":cluster/"),
  "aws:ecs/service:Service": named(":service/"),
  "aws:elasticache/parameterGroup:ParameterGroup": named(":parametergroup:"),
  "aws:elasticache/replicationGroup:ReplicationGroup": named(":replicationgroup:"),
  "aws:elasticache/subnetGroup:SubnetGroup": named(":subnetgroup:"),
  // The Resource Groups Tagging API does not return roles.
  "aws:iam/role:Role": { inputs: "{name}" },
  "aws:iam/rolePolicy:RolePolicy": { inputs: "{role}:{name}" },
  "aws:iam/policy:Policy": byArn(":policy/"),
  "aws:kms/key:Key": ec2("key"),
  "aws:lambda/function:Function": named(":function:"),
  "aws:lb/listener:Listener": byArn(":listener/"),
  "aws:lb/loadBalancer:LoadBalancer": byArn(":loadbalancer/"),
  "aws:lb/targetGroup:TargetGroup": byArn(":targetgroup/"),
  "aws:rds/instance:Instance": named(":db:"),
  "aws:rds/parameterGroup:ParameterGroup": named(":pg:"),
  "aws:rds/subnetGroup:SubnetGroup": named(":subgrp:"),
  // Its ARN ends in a random id.
  "aws:rds/proxy:Proxy": { inputs: "{name}" },
  "aws:rds/proxyTarget:ProxyTarget": {
    inputs: "{dbProxyName}/{targetGroupName}/RDS_INSTANCE/{dbInstanceIdentifier}",
  },
  "aws:route53/record:Record": { inputs: "{zoneId}_{name}_{type}" },
  "aws:s3/bucket:Bucket": named(":::"),
  "aws:scheduler/schedule:Schedule": { inputs: "{groupName}/{name}" },
  "aws:scheduler/scheduleGroup:ScheduleGroup": named(":schedule-group/"),
  "aws:sns/topic:Topic": byArn(":sns:"),
  "aws:secretsmanager/secret:Secret": byArn(":secret:"),
  "aws:wafv2/webAcl:WebAcl": { kind: ":regional/webacl/", id: "{last}/{name}/{scope}" },
};

/**
 * Tagged resources that AWS makes for other resources, or that stay on purpose: running tasks, revisions, interfaces,
 * snapshots, recovery points.
 */
export const others =
  /:(task|task-definition|service-deployment|service-revision|network-interface|container-instance)\/|:(snapshot|recovery-point|cluster-snapshot|autosnapshot|target-group|auto-backup)[:/]/;

/** Inputs that hold a name, or its beginning. */
const names = [
  ...[
    "name",
    "namePrefix",
    "bucket",
    "identifier",
    "replicationGroupId",
    "clusterIdentifier",
    "repositoryName",
  ],
];

/** The parts that an ARN of a resource with these inputs contains. */
export function partsOf({ loadBalancerArn, ...inputs }: Inputs): readonly string[] {
  const given = names.map((name) => inputs[name]).filter((value) => typeof value === "string");
  // A listener has no name; its ARN contains the end of its load balancer's ARN.
  const parent = typeof loadBalancerArn === "string" ? loadBalancerArn.split(":loadbalancer/").slice(1) : [];
  return [...given, ...parent];
}

/** The pattern with inputs filled in; undefined if one is missing. */
export function filledIn(pattern: string, inputs: Inputs): string | undefined {
  let complete = true;
  const text = pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = inputs[name];
    if (typeof value !== "string") complete = false;
    return String(value);
  });
  return complete ? text : undefined;
}

/** The import id from an ARN and inputs; undefined if an input is missing. */
export function idIn(
  arn: string,
  { kind, id }: Extract<Way, { kind: string }>,
  inputs: Inputs,
): string | undefined {
  const rest = arn.slice(arn.indexOf(kind) + kind.length);
  const last = rest.slice(rest.lastIndexOf("/") + 1);
  return filledIn(id, { ...inputs, arn, last, rest: rest.replace(/:\*$/, "") });
}
