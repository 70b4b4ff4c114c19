// CloudWatch metrics of AWS's services, as far as alarms, dashboards and scaling policies here use them.

/** Source of a dimension's value: an output of a resource (or one of a list of them), or a fixed text. */
export type Named = { readonly type: string; readonly by: string } | { readonly always: string };

/** One metric. */
export interface Metric {
  readonly unit: string;
  /** Meaningful statistics. @default all */
  readonly statistics?: readonly string[];
  /** Condition on the resource behind a dimension, without which AWS never writes the metric. */
  readonly needs?: Need;
}

/** A condition on the outputs of the resource that a dimension names. */
export interface Need {
  readonly dimension: string;
  readonly holds: (outputs: Readonly<Record<string, unknown>>) => boolean;
  readonly otherwise: string;
}

/** Metrics with the same dimensions. */
export interface Family {
  /** Sets of dimensions; a query must name exactly one of them. */
  readonly dimensions: readonly (readonly string[])[];
  readonly metrics: Readonly<Record<string, Metric>>;
}

export interface Namespace {
  readonly dimensions: Readonly<Record<string, Named>>;
  readonly families: readonly Family[];
}

const of = (metric: Metric, ...names: readonly string[]): Record<string, Metric> =>
  Object.fromEntries(names.map((name) => [name, metric]));

const count = { unit: "Count" };
const percent = { unit: "Percent" };
const bytes = { unit: "Bytes" };
const seconds = { unit: "Seconds" };
/** Every node of the load balancer writes a 1 for each event: only the sum has a meaning. */
const sums = { ...count, statistics: ["Sum"] };
/** Every machine of a proxy writes its own share once a minute. */
const proxySums = sums;
/** Every node of the load balancer writes the same number: a sum would count each task once per node. */
const hosts = { ...count, statistics: ["Average", "Minimum", "Maximum"] };
const credits: Metric = {
  ...count,
  needs: {
    dimension: "DBInstanceIdentifier",
    holds: ({ instanceClass }) => String(instanceClass).startsWith("db.t"),
    otherwise: "only burstable classes (db.t…) have CPU credits",
  },
};
const nodeCredits: Metric = {
  ...count,
  needs: {
    dimension: "CacheClusterId",
    holds: ({ nodeType }) => String(nodeType).startsWith("cache.t"),
    otherwise: "only burstable node types (cache.t…) have CPU credits",
  },
};
const insights: Metric = {
  ...count,
  needs: {
    dimension: "ClusterName",
    holds: ({ settings }) => (settings as { value: string }[] | undefined)?.[0]?.value !== "disabled",
    otherwise: "its cluster has Container Insights turned off",
  },
};

const ecsDimensions = {
  ClusterName: { type: "aws:ecs/cluster:Cluster", by: "name" },
  ServiceName: { type: "aws:ecs/service:Service", by: "name" },
};

/** By namespace. */
export const namespaces: Readonly<Record<string, Namespace>> = {
  "AWS/ApplicationELB": {
    dimensions: {
      LoadBalancer: { type: "aws:lb/loadBalancer:LoadBalancer", by: "arnSuffix" },
      TargetGroup: { type: "aws:lb/targetGroup:TargetGroup", by: "arnSuffix" },
    },
    families: [
      {
        dimensions: [["LoadBalancer"]],
        metrics: {
          ...of(sums, "ActiveConnectionCount", "NewConnectionCount", "RejectedConnectionCount"),
          ...of(sums, "ClientTLSNegotiationErrorCount", "HTTPCode_ELB_4XX_Count"),
          ...of(sums, "HTTPCode_ELB_5XX_Count", "HTTPCode_ELB_502_Count"),
          ...of(sums, "HTTPCode_ELB_503_Count", "HTTPCode_ELB_504_Count"),
          ...of(count, "ConsumedLCUs", "PeakLCUs"),
          ...of(bytes, "ProcessedBytes"),
        },
      },
      {
        dimensions: [["LoadBalancer"], ["LoadBalancer", "TargetGroup"]],
        metrics: {
          ...of(sums, "RequestCount", "TargetConnectionErrorCount", "TargetTLSNegotiationErrorCount"),
          ...of(sums, "HTTPCode_Target_2XX_Count", "HTTPCode_Target_3XX_Count"),
          ...of(sums, "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"),
          ...of(seconds, "TargetResponseTime"),
        },
      },
      {
        dimensions: [["LoadBalancer", "TargetGroup"]],
        metrics: of(hosts, "HealthyHostCount", "UnHealthyHostCount"),
      },
      {
        dimensions: [["TargetGroup"], ["LoadBalancer", "TargetGroup"]],
        metrics: of(sums, "RequestCountPerTarget"),
      },
    ],
  },
  "AWS/ECS": {
    dimensions: ecsDimensions,
    families: [
      {
        dimensions: [["ClusterName"], ["ClusterName", "ServiceName"]],
        metrics: of(percent, "CPUUtilization", "MemoryUtilization"),
      },
    ],
  },
  "ECS/ContainerInsights": {
    dimensions: ecsDimensions,
    families: [
      {
        dimensions: [["ClusterName", "ServiceName"]],
        metrics: of(insights, "RunningTaskCount", "DesiredTaskCount", "PendingTaskCount", "DeploymentCount"),
      },
      { dimensions: [["ClusterName"]], metrics: of(insights, "TaskCount", "ServiceCount") },
    ],
  },
  "AWS/RDS": {
    dimensions: {
      DBInstanceIdentifier: { type: "aws:rds/instance:Instance", by: "identifier" },
      ProxyName: { type: "aws:rds/proxy:Proxy", by: "name" },
      EndpointName: { always: "default" },
      TargetGroup: { always: "default" },
      TargetRole: { always: "READ_WRITE" },
    },
    families: [
      {
        dimensions: [["DBInstanceIdentifier"]],
        metrics: {
          ...of(percent, "CPUUtilization"),
          ...of(count, "DatabaseConnections", "DiskQueueDepth", "MaximumUsedTransactionIDs"),
          ...of(bytes, "FreeableMemory", "FreeStorageSpace", "SwapUsage", "TransactionLogsDiskUsage"),
          ...of(seconds, "ReadLatency", "WriteLatency"),
          ...of({ unit: "Count/Second" }, "ReadIOPS", "WriteIOPS"),
          ...of({ unit: "Bytes/Second" }, "ReadThroughput", "WriteThroughput"),
          ...of(credits, "CPUCreditBalance", "CPUCreditUsage"),
          ...of(credits, "CPUSurplusCreditBalance", "CPUSurplusCreditsCharged"),
          ReplicaLag: {
            ...seconds,
            needs: {
              dimension: "DBInstanceIdentifier",
              holds: ({ replicateSourceDb }) => Boolean(replicateSourceDb),
              otherwise: "it is no read replica",
            },
          },
        },
      },
      {
        dimensions: [["ProxyName"], ["ProxyName", "EndpointName"]],
        metrics: {
          ...of(proxySums, "ClientConnections", "ClientConnectionsSetupFailedAuth", "QueryRequests"),
          ...of({ unit: "Microseconds" }, "DatabaseConnectionsBorrowLatency", "QueryResponseLatency"),
        },
      },
      {
        dimensions: [["ProxyName"], ["ProxyName", "TargetGroup", "TargetRole"]],
        metrics: {
          ...of(proxySums, "DatabaseConnections", "MaxDatabaseConnectionsAllowed"),
          ...of(proxySums, "DatabaseConnectionsCurrentlyBorrowed", "DatabaseConnectionsSetupFailed"),
          ...of(proxySums, "DatabaseConnectionsCurrentlySessionPinned"),
        },
      },
    ],
  },
  "AWS/ElastiCache": {
    dimensions: {
      CacheClusterId: { type: "aws:elasticache/replicationGroup:ReplicationGroup", by: "memberClusters" },
      CacheNodeId: { always: "0001" },
    },
    families: [
      {
        dimensions: [["CacheClusterId"], ["CacheClusterId", "CacheNodeId"]],
        metrics: {
          ...of(percent, "CPUUtilization", "EngineCPUUtilization", "DatabaseMemoryUsagePercentage"),
          ...of(count, "CurrConnections", "NewConnections", "CurrItems", "Evictions", "Reclaimed"),
          ...of(count, "NetworkBandwidthOutAllowanceExceeded"),
          ...of(nodeCredits, "CPUCreditBalance", "CPUCreditUsage"),
          ...of(
            bytes,
            "SwapUsage",
            "FreeableMemory",
            "BytesUsedForCache",
            "NetworkBytesIn",
            "NetworkBytesOut",
          ),
          ...of(seconds, "ReplicationLag"),
        },
      },
    ],
  },
  "AWS/NATGateway": {
    dimensions: { NatGatewayId: { type: "aws:ec2/natGateway:NatGateway", by: "id" } },
    families: [
      {
        dimensions: [["NatGatewayId"]],
        metrics: {
          ...of(bytes, "BytesInFromSource", "BytesOutToDestination"),
          ...of(bytes, "BytesInFromDestination", "BytesOutToSource"),
          ...of(count, "ActiveConnectionCount", "ErrorPortAllocation", "PacketsDropCount"),
        },
      },
    ],
  },
  "AWS/Logs": {
    dimensions: { LogGroupName: { type: "aws:cloudwatch/logGroup:LogGroup", by: "name" } },
    families: [
      {
        dimensions: [["LogGroupName"]],
        metrics: { ...of(bytes, "IncomingBytes"), ...of(count, "IncomingLogEvents") },
      },
    ],
  },
  "AWS/CertificateManager": {
    dimensions: { CertificateArn: { type: "aws:acm/certificate:Certificate", by: "arn" } },
    families: [{ dimensions: [["CertificateArn"]], metrics: of(count, "DaysToExpiry") }],
  },
  "AWS/Scheduler": {
    dimensions: { ScheduleGroup: { type: "aws:scheduler/scheduleGroup:ScheduleGroup", by: "name" } },
    families: [
      {
        dimensions: [[], ["ScheduleGroup"]],
        metrics: of(count, "InvocationAttemptCount", "InvocationDroppedCount", "TargetErrorCount"),
      },
    ],
  },
  "AWS/SNS": {
    dimensions: { TopicName: { type: "aws:sns/topic:Topic", by: "name" } },
    families: [
      {
        dimensions: [["TopicName"]],
        metrics: of(
          count,
          "NumberOfMessagesPublished",
          "NumberOfNotificationsDelivered",
          "NumberOfNotificationsFailed",
        ),
      },
    ],
  },
  "AWS/Lambda": {
    dimensions: { FunctionName: { type: "aws:lambda/function:Function", by: "name" } },
    families: [
      {
        dimensions: [["FunctionName"]],
        metrics: {
          ...of(count, "Invocations", "Errors", "Throttles", "ConcurrentExecutions"),
          ...of({ unit: "Milliseconds" }, "Duration"),
        },
      },
    ],
  },
};

/** Namespaces of AWS whose metrics are not in the table. */
export const unmodelled: readonly string[] = [
  ...["AWS/ACMPrivateCA", "AWS/ApiGateway", "AWS/AppSync", "AWS/Athena", "AWS/AutoScaling", "AWS/Bedrock"],
  ...["AWS/Billing", "AWS/CertificateManager", "AWS/CloudFront", "AWS/Cognito", "AWS/DMS", "AWS/DocDB"],
  ...["AWS/DynamoDB", "AWS/EBS", "AWS/EC2", "AWS/ECR", "AWS/EFS", "AWS/ELB", "AWS/ES", "AWS/Events"],
  ...["AWS/Firehose", "AWS/FSx", "AWS/GatewayELB", "AWS/Glue", "AWS/IoT", "AWS/Kafka", "AWS/Kinesis"],
  ...["AWS/KMS", "AWS/Lambda", "AWS/Logs", "AWS/MQ", "AWS/NATGateway", "AWS/Neptune", "AWS/NetworkELB"],
  ...["AWS/NetworkFirewall", "AWS/PrivateLinkEndpoints", "AWS/Redshift", "AWS/Route53", "AWS/S3"],
  ...["AWS/SageMaker", "AWS/Scheduler", "AWS/SecretsManager", "AWS/SES", "AWS/SNS", "AWS/SQS", "AWS/States"],
  ...["AWS/TransitGateway", "AWS/Usage", "AWS/WAFV2", "AWS/X-Ray"],
];
