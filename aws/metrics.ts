/**
 * Names of CloudWatch's metrics by namespace, as AWS's user guides list them: a name outside of a listed namespace's list is a
 * slip of the pen.
 */
export const metricsOf: Readonly<Record<string, readonly string[]>> = {
  "AWS/ECS": ["CPUUtilization", "MemoryUtilization", "CPUReservation", "MemoryReservation", "GPUReservation"],
  "AWS/RDS": [
    ...[
      "CPUUtilization",
      "CPUCreditBalance",
      "CPUCreditUsage",
      "CPUSurplusCreditBalance",
      "DatabaseConnections",
    ],
    ...[
      "FreeableMemory",
      "FreeStorageSpace",
      "SwapUsage",
      "ReadLatency",
      "WriteLatency",
      "ReadIOPS",
      "WriteIOPS",
    ],
    ...[
      "ReadThroughput",
      "WriteThroughput",
      "DiskQueueDepth",
      "BurstBalance",
      "EBSIOBalance%",
      "EBSByteBalance%",
    ],
    ...[
      "ReplicaLag",
      "MaximumUsedTransactionIDs",
      "OldestReplicationSlotLag",
      "TransactionLogsDiskUsage",
      "DBLoad",
    ],
    ...["ClientConnections", "DatabaseConnectionsBorrowLatency", "DatabaseConnectionsCurrentlyInTransaction"],
    ...[
      "DatabaseConnectionsCurrentlySessionPinned",
      "DatabaseConnectionsCurrentlyBorrowed",
      "QueryDatabaseResponseLatency",
    ],
    ...["DatabaseConnectionsSetupFailed", "ClientConnectionsClosed", "ClientConnectionsSetupFailedAuth"],
  ],
  "AWS/ElastiCache": [
    ...[
      "CPUUtilization",
      "EngineCPUUtilization",
      "FreeableMemory",
      "SwapUsage",
      "CurrConnections",
      "NewConnections",
    ],
    ...["DatabaseMemoryUsagePercentage", "DatabaseCapacityUsagePercentage", "BytesUsedForCache", "Evictions"],
    ...[
      "CPUCreditBalance",
      "CPUCreditUsage",
      "ReplicationLag",
      "CacheHits",
      "CacheMisses",
      "CacheHitRate",
      "CurrItems",
    ],
    ...[
      "NetworkBytesIn",
      "NetworkBytesOut",
      "IsMaster",
      "Reclaimed",
      "TrafficManagementActive",
      "CommandAuthorizationFailures",
    ],
  ],
  "AWS/ApplicationELB": [
    ...[
      "RequestCount",
      "RequestCountPerTarget",
      "TargetResponseTime",
      "HealthyHostCount",
      "UnHealthyHostCount",
    ],
    ...[
      "ActiveConnectionCount",
      "NewConnectionCount",
      "RejectedConnectionCount",
      "TargetConnectionErrorCount",
    ],
    ...["ClientTLSNegotiationErrorCount", "TargetTLSNegotiationErrorCount", "ProcessedBytes", "ConsumedLCUs"],
    ...[
      "HTTPCode_ELB_3XX_Count",
      "HTTPCode_ELB_4XX_Count",
      "HTTPCode_ELB_5XX_Count",
      "HTTPCode_ELB_500_Count",
    ],
    ...[
      "HTTPCode_ELB_502_Count",
      "HTTPCode_ELB_503_Count",
      "HTTPCode_ELB_504_Count",
      "HTTPCode_Target_2XX_Count",
    ],
    ...[
      "HTTPCode_Target_3XX_Count",
      "HTTPCode_Target_4XX_Count",
      "HTTPCode_Target_5XX_Count",
      "RuleEvaluations",
    ],
  ],
};

/** Dimensions without which a metric of a namespace has no data, by the metric's name. */
export const dimensionsOf: Readonly<Record<string, (metric: string) => readonly string[]>> = {
  "AWS/ECS": () => ["ClusterName"],
  "AWS/ApplicationELB": (metric) =>
    /^(Un)?HealthyHostCount$/.test(metric) ? ["LoadBalancer", "TargetGroup"] : ["LoadBalancer"],
};
