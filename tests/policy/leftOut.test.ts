import { expect } from "chai";
import { record } from "../recording/recording";
import { mediaDistribution } from "../signingKey";
import { analyze } from "./analysis";
import { set } from "./mutations";

/** The program with everything that rules judge. */
const everything = {
  ...Object.fromEntries(Object.entries(mediaDistribution).map(([key, value]) => [key, String(value)])),
  domain: "chat.example.com",
  backupCopyRegion: "us-west-2",
};

/**
 * Arguments whose absence breaks a rule: type, argument, rules. Most of them AWS would fill in, so that a first preview
 * calls them unknown: only whether they were given is known.
 */
const needed: readonly (readonly [type: string, argument: string, ...rules: string[]])[] = [
  ["aws:cloudwatch/logGroup:LogGroup", "retentionInDays", "log-retention"],
  ["aws:backup/vault:Vault", "region", "backup-copies-elsewhere"],
  ["aws:elasticache/parameterGroup:ParameterGroup", "parameters", "cache-eviction"],
  ["aws:ecr/repository:Repository", "imageScanningConfiguration", "image-tags-stay"],
  ["aws:ecr/repository:Repository", "imageTagMutability", "image-tags-stay"],
  ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository", "images-expire"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicAcls", "buckets-private"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicPolicy", "buckets-private"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket", "buckets-private"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "ignorePublicAcls", "buckets-private"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "restrictPublicBuckets", "buckets-private"],
  ["aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket", "media-take-acls"],
  ["aws:lb/targetGroup:TargetGroup", "deregistrationDelay", "drain-time"],
  ["aws:lb/targetGroup:TargetGroup", "healthCheck", "target-health-check"],
  ["aws:lb/targetGroup:TargetGroup", "slowStart", "deployment-in-steps-from-5000-rooms"],
  ["aws:lb/targetGroup:TargetGroup", "stickiness", "sticky-sessions"],
  ["aws:lb/targetGroup:TargetGroup", "targetType", "target-by-address"],
  ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "fromPort", "internet-ingress"],
  ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "securityGroupId", "internet-ingress"],
  ["aws:cloudfront/distribution:Distribution", "viewerCertificate", "distribution-tls"],
  ["aws:lambda/function:Function", "loggingConfig", "function-log-retention"],
  ["aws:lambda/function:Function", "vpcConfig", "indexes-before-service", "data-from-tasks-only"],
  ["aws:lb/loadBalancer:LoadBalancer", "idleTimeout", "idle-timeout"],
  ["aws:lb/loadBalancer:LoadBalancer", "securityGroups", "internet-ingress", "tasks-from-load-balancer-only"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "atRestEncryptionEnabled", "cache-encrypted"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "parameterGroupName", "cache-eviction"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds", "data-from-tasks-only"],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "snapshotRetentionLimit",
    "cache-snapshots-from-5000-rooms",
  ],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "transitEncryptionMode", "cache-speaks-plain-redis"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "transitEncryptionEnabled", "cache-encrypted"],
  ["aws:rds/instance:Instance", "enabledCloudwatchLogsExports", "database-log-retention"],
  ["aws:rds/proxy:Proxy", "auths", "proxy-tls"],
  ["aws:rds/proxy:Proxy", "requireTls", "proxy-tls"],
  ["aws:rds/proxy:Proxy", "vpcSecurityGroupIds", "data-from-tasks-only"],
  ["aws:s3/bucketPolicy:BucketPolicy", "bucket", "buckets-tls-only"],
  ["aws:s3/bucketPolicy:BucketPolicy", "policy", "buckets-tls-only"],
  ["aws:s3/bucketVersioning:BucketVersioning", "bucket", "media-survive-mistakes"],
  ["aws:s3/bucketVersioning:BucketVersioning", "versioningConfiguration", "media-survive-mistakes"],
  ["aws:rds/instance:Instance", "backupRetentionPeriod", "database-backups"],
  ["aws:rds/instance:Instance", "backupWindow", "database-windows"],
  ["aws:rds/instance:Instance", "deletionProtection", "database-survives-mistakes"],
  ["aws:rds/instance:Instance", "maintenanceWindow", "database-windows"],
  ["aws:rds/instance:Instance", "maxAllocatedStorage", "database-storage"],
  ["aws:rds/instance:Instance", "storageEncrypted", "database-encrypted"],
  ["aws:rds/instance:Instance", "storageType", "database-storage"],
  ["aws:rds/instance:Instance", "vpcSecurityGroupIds", "data-from-tasks-only"],
  ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket", "buckets-forget"],
  ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "rules", "buckets-forget"],
  [
    "aws:ecs/taskDefinition:TaskDefinition",
    "containerDefinitions",
    "tasks-read-from-replica",
    "outbox-from-5000-rooms",
    "container-logs",
  ],
  ["aws:lb/listener:Listener", "sslPolicy", "listener-tls"],
  ["aws:ecs/service:Service", "healthCheckGracePeriodSeconds", "health-check-grace-period"],
  ...["alarms", "availabilityZoneRebalancing"].map(
    (argument) => ["aws:ecs/service:Service", argument, "deployment-watched"] as const,
  ),
  ["aws:ecs/taskDefinition:TaskDefinition", "skipDestroy", "revisions-stay"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "autoMinorVersionUpgrade", "cache-version"],
  ["aws:kms/key:Key", "enableKeyRotation", "keys-rotate"],
  ["aws:rds/instance:Instance", "deleteAutomatedBackups", "database-survives-mistakes"],
  ["aws:appautoscaling/target:Target", "resourceId", "cpu-scaling", "connection-scaling-from-1000-rooms"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions", "alarm-action"],
  ["aws:appautoscaling/policy:Policy", "resourceId", "cpu-scaling"],
  ["aws:appautoscaling/policy:Policy", "targetTrackingScalingPolicyConfiguration", "cpu-scaling"],
  ["aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmActions", "alarm-action"],
  ["aws:cloudwatch/dashboard:Dashboard", "dashboardBody", "dashboard"],
];

describe("an argument that a first preview of the program lacks", () => {
  for (const [type, argument, ...rules] of needed) {
    it(`is missed: ${argument} of ${type.split(":").at(-1)} by ${rules.join(" and ")}`, async () => {
      const { registrations } = await record("large", "preview", everything);
      const { name } = registrations.find((each) => each.type === type && argument in each.wireInputs)!;
      const broken = set({ type, name }, argument, undefined)(registrations);
      const found = await analyze(broken, (each) => each.type === type && each.name === name);
      const refusing = found.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
      expect(refusing).to.include.members(rules);
    });
  }
});
