import type { Permissions } from "./permissions";

/** Log groups of the program: the part of the ARN after the region. */
export const logGroups: readonly string[] = [
  "log-group:/ecs/chatpop-*",
  "log-group:/aws/lambda/chatpop-*",
  "log-group:/vpc/chatpop-*",
  "log-group:/aws/rds/instance/chatpop-*",
  "log-group:/aws/rds/proxy/chatpop-*",
];

/** Schedules, backups, alarms, their keys and topics, and logs. */
export const operations: Permissions = {
  scheduler: {
    always: ["ListTagsForResource", "TagResource", "UntagResource"],
    names: ["schedule/*/chatpop-*", "schedule-group/chatpop-*"],
    types: {
      "aws:scheduler/scheduleGroup:ScheduleGroup": [
        "CreateScheduleGroup",
        "GetScheduleGroup",
        "DeleteScheduleGroup",
      ],
      "aws:scheduler/schedule:Schedule": [
        "CreateSchedule",
        "GetSchedule",
        "UpdateSchedule",
        "DeleteSchedule",
      ],
    },
  },
  backup: {
    reads: ["ListBackup*", "ListRecoveryPoints*", "ListTags"],
    always: ["TagResource", "UntagResource"],
    // The ids in the ARNs of plans are random.
    names: ["backup-vault:chatpop-*", "backup-plan:*"],
    everyRegion: true,
    // The vault of a disposable stack is emptied before its deletion; recovery points are RDS snapshots.
    ofOthers: { actions: ["DeleteRecoveryPoint"], service: "rds", name: "snapshot:awsbackup:*" },
    types: {
      "aws:backup/vault:Vault": ["CreateBackupVault", "DescribeBackupVault", "DeleteBackupVault"],
      "aws:backup/plan:Plan": ["CreateBackupPlan", "GetBackupPlan", "UpdateBackupPlan", "DeleteBackupPlan"],
      "aws:backup/selection:Selection": [
        "CreateBackupSelection",
        "GetBackupSelection",
        "DeleteBackupSelection",
      ],
    },
  },
  // The creator of a vault needs this.
  "backup-storage": { always: ["MountCapsule"], everyRegion: true, types: {} },
  cloudwatch: {
    reads: ["DescribeAlarms", "ListTagsForResource"],
    always: ["TagResource", "UntagResource"],
    // AWS accepts the permission for composite alarms only with `*`; a dashboard's ARN has no region. Application Auto
    // Scaling checks whether its caller may put and delete alarms, without a name.
    unnamed: [
      "PutMetricAlarm",
      "PutCompositeAlarm",
      "DeleteAlarms",
      "GetDashboard",
      "PutDashboard",
      "DeleteDashboards",
    ],
    names: ["alarm:chatpop-*"],
    types: {
      "aws:cloudwatch/metricAlarm:MetricAlarm": ["PutMetricAlarm"],
      "aws:cloudwatch/compositeAlarm:CompositeAlarm": ["EnableAlarmActions", "DisableAlarmActions"],
      "aws:cloudwatch/dashboard:Dashboard": ["ListDashboards"],
    },
  },
  events: {
    always: ["ListTagsForResource", "TagResource", "UntagResource"],
    names: ["rule/chatpop-*"],
    types: {
      "aws:cloudwatch/eventRule:EventRule": ["DescribeRule", "PutRule", "DeleteRule"],
      "aws:cloudwatch/eventTarget:EventTarget": ["ListTargetsByRule", "PutTargets", "RemoveTargets"],
    },
  },
  kms: {
    // A key's ARN has no name. So a pipeline may create a key, but not change its policy or delete it: PutKeyPolicy and
    // ScheduleKeyDeletion would apply to every key of the account. People do that.
    always: ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "TagResource"],
    types: { "aws:kms/key:Key": ["CreateKey", "EnableKeyRotation"] },
  },
  sns: {
    always: ["GetTopicAttributes", "ListTagsForResource", "TagResource", "UntagResource"],
    names: ["chatpop-*"],
    types: {
      "aws:sns/topic:Topic": ["CreateTopic", "SetTopicAttributes", "DeleteTopic"],
      "aws:sns/topicPolicy:TopicPolicy": ["SetTopicAttributes"],
      "aws:sns/topicSubscription:TopicSubscription": [
        "Subscribe",
        "Unsubscribe",
        "GetSubscriptionAttributes",
        "SetSubscriptionAttributes",
      ],
    },
  },
  // Both are global: their region is always us-east-1, and their ARNs have none. AWS Budgets checks two actions only,
  // whose names differ from its calls; the ids in the ARNs of monitors and subscriptions are random.
  budgets: {
    always: ["ListTagsForResource", "TagResource", "UntagResource"],
    names: ["budget/chatpop-*"],
    everyRegion: true,
    types: { "aws:budgets/budget:Budget": ["ModifyBudget", "ViewBudget"] },
  },
  ce: {
    always: ["ListTagsForResource", "TagResource", "UntagResource"],
    unnamed: ["CreateAnomalyMonitor", "CreateAnomalySubscription"],
    names: ["anomalymonitor/*", "anomalysubscription/*"],
    everyRegion: true,
    types: {
      "aws:costexplorer/anomalyMonitor:AnomalyMonitor": [
        "GetAnomalyMonitors",
        "UpdateAnomalyMonitor",
        "DeleteAnomalyMonitor",
      ],
      "aws:costexplorer/anomalySubscription:AnomalySubscription": [
        "GetAnomalySubscriptions",
        "UpdateAnomalySubscription",
        "DeleteAnomalySubscription",
      ],
    },
  },
  logs: {
    reads: ["Describe*", "ListTagsForResource"],
    always: ["TagResource", "UntagResource"],
    // AWS offers no limit by name for saved queries.
    unnamed: ["PutQueryDefinition", "DeleteQueryDefinition"],
    names: logGroups,
    types: {
      "aws:cloudwatch/logGroup:LogGroup": [
        "CreateLogGroup",
        "PutRetentionPolicy",
        "DeleteRetentionPolicy",
        "DeleteLogGroup",
      ],
      "aws:cloudwatch/logMetricFilter:LogMetricFilter": ["PutMetricFilter", "DeleteMetricFilter"],
      "aws:cloudwatch/queryDefinition:QueryDefinition": ["PutQueryDefinition", "DeleteQueryDefinition"],
    },
  },
};
