// Logs, alarms, topics and parameters.
import { type Case, cases } from "./case";

const alarm = {
  ...{ name: "busy", comparisonOperator: "GreaterThanThreshold", threshold: 80, evaluationPeriods: 3 },
  ...{ namespace: "Chat", metricName: "Busy", statistic: "Average", period: 60 },
};

export const watching: readonly Case[] = [
  ...cases(
    "cloudwatch/logGroup",
    "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    { name: "/ecs/chat" },
    {
      accepts: [
        ["ten years", { retentionInDays: 3_653 }],
        ["for ever", { retentionInDays: 0 }],
        ["lines that are handed on", { logGroupClass: "DELIVERY" }],
      ],
      refuses: [
        ["eight days", { retentionInDays: 8 }],
        ["a month of 31 days", { retentionInDays: 31 }],
        ["a class in short", { logGroupClass: "INFREQUENT" }],
        ["a name of AWS's", { name: "aws/chat" }],
      ],
    },
  ),
  ...cases(
    "ssm/parameter",
    "systems-manager/latest/APIReference/API_PutParameter.html",
    { name: "/chat/image", type: "String", value: "1" },
    {
      accepts: [
        ["a secret", { type: "SecureString" }],
        ["a list", { type: "StringList", value: "a,b" }],
        ["a long value", { tier: "Advanced", value: "x".repeat(5_000) }],
        ["an image", { dataType: "aws:ec2:image", value: "ami-0123456789abcdef0" }],
      ],
      refuses: [
        ["a name without its slash", { name: "chat/image" }],
        ["more than 8 KiB", { tier: "Advanced", value: "x".repeat(8_193) }],
        ["a tier that there is not", { tier: "Large" }],
        ["a kind that there is not", { dataType: "number" }],
        ["a name of fifteen levels and one", { name: `/${Array.from({ length: 16 }, () => "a").join("/")}` }],
      ],
    },
  ),
  ...cases(
    "cloudwatch/metricAlarm",
    "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html#limits",
    alarm,
    {
      accepts: [
        ["an hour", { period: 3_600, evaluationPeriods: 24 }],
        [
          "a machine's recovery",
          {
            alarmActions: ["arn:aws:automate:us-east-1:ec2:reboot"],
            namespace: "AWS/EC2",
            metricName: "CPUUtilization",
            dimensions: { InstanceId: "i-0123456789abcdef0" },
          },
        ],
      ],
      refuses: [
        ["no periods", { evaluationPeriods: 0 }],
        ["a description of 1,025 characters", { alarmDescription: "x".repeat(1_025) }],
        [
          "six actions",
          { alarmActions: Array.from({ length: 6 }, (_, n) => `arn:aws:sns:us-east-1:123456789012:t${n}`) },
        ],
        ["an action that is no ARN", { alarmActions: ["alerts"] }],
        ["a statistic that there is not", { statistic: "Mean" }],
        ["a name of 256 characters", { name: "a".repeat(256) }],
      ],
    },
  ),
  ...cases(
    "sns/topic",
    "sns/latest/api/API_CreateTopic.html",
    { name: "alerts" },
    {
      accepts: [
        ["traces", { tracingConfig: "Active" }],
        ["AWS's key", { kmsMasterKeyId: "alias/aws/sns" }],
        ["the newer signature", { signatureVersion: 2 }],
      ],
      refuses: [
        ["traces in words", { tracingConfig: "On" }],
        ["a signature that there is not", { signatureVersion: 3 }],
        ["a policy that is no JSON", { policy: "{" }],
        ["a name of 257 characters", { name: "a".repeat(257) }],
      ],
    },
  ),
];
