import type { Permissions } from "./permissions";

export const operations: Permissions = {
  scheduler: {
    always: [],
    names: ["schedule/default/chatpop-*"],
    types: {
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
    // Plans have drawn ids in their ARNs.
    names: ["backup-vault:chatpop-*", "backup-plan:*"],
    everyRegion: true,
    types: {
      "aws:backup/vault:Vault": [
        "CreateBackupVault",
        "DescribeBackupVault",
        "DeleteBackupVault",
        "DeleteRecoveryPoint",
      ],
      "aws:backup/plan:Plan": ["CreateBackupPlan", "GetBackupPlan", "UpdateBackupPlan", "DeleteBackupPlan"],
      "aws:backup/selection:Selection": [
        "CreateBackupSelection",
        "GetBackupSelection",
        "DeleteBackupSelection",
      ],
    },
  },
  // Asked of whoever creates a vault.
  "backup-storage": { always: ["MountCapsule"], everyRegion: true, types: {} },
  logs: {
    reads: ["Describe*", "ListTagsForResource"],
    always: ["TagResource", "UntagResource"],
    names: ["log-group:/ecs/chatpop-*", "log-group:/aws/lambda/chatpop-*"],
    types: {
      "aws:cloudwatch/logGroup:LogGroup": [
        "CreateLogGroup",
        "PutRetentionPolicy",
        "DeleteRetentionPolicy",
        "DeleteLogGroup",
      ],
    },
  },
};
