// Permissions for schedules, alarms, events, topics and logs.
import type { NeedsByType } from "./needs";

export const operations: NeedsByType = {
  "aws:scheduler/scheduleGroup:ScheduleGroup": {
    create: ["scheduler:CreateScheduleGroup", "scheduler:TagResource if tagsAll"],
    read: ["scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"],
    update: ["scheduler:TagResource if tagsAll"],
    delete: ["scheduler:DeleteScheduleGroup"],
  },
  "aws:scheduler/schedule:Schedule": {
    create: ["scheduler:CreateSchedule", "iam:PassRole @target.roleArn -> scheduler.amazonaws.com"],
    read: ["scheduler:GetSchedule"],
    update: ["scheduler:UpdateSchedule", "iam:PassRole @target.roleArn -> scheduler.amazonaws.com"],
    delete: ["scheduler:DeleteSchedule"],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    create: [
      ...["logs:CreateLogGroup", "logs:TagResource if tagsAll", "logs:PutRetentionPolicy if retentionInDays"],
    ],
    read: ["logs:DescribeLogGroups *", "logs:ListTagsForResource"],
    update: ["logs:PutRetentionPolicy if retentionInDays", "logs:TagResource if tagsAll"],
    delete: ["logs:DeleteLogGroup"],
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    arn: "arn:aws:logs:{region}:{account}:log-group:{logGroupName}:*",
    create: ["logs:PutMetricFilter"],
    read: ["logs:DescribeMetricFilters"],
    update: ["logs:PutMetricFilter"],
    delete: ["logs:DeleteMetricFilter"],
  },
  "aws:cloudwatch/queryDefinition:QueryDefinition": {
    create: ["logs:PutQueryDefinition *"],
    read: ["logs:DescribeQueryDefinitions *"],
    update: ["logs:PutQueryDefinition *"],
    delete: ["logs:DeleteQueryDefinition *"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    create: ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource if tagsAll"],
    read: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
    update: ["cloudwatch:PutMetricAlarm"],
    delete: ["cloudwatch:DeleteAlarms"],
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    // AWS accepts this permission only for all alarms (`*`).
    create: ["cloudwatch:PutCompositeAlarm *", "cloudwatch:TagResource if tagsAll"],
    read: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
    update: ["cloudwatch:PutCompositeAlarm *"],
    delete: ["cloudwatch:DeleteAlarms"],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    arn: "arn:aws:cloudwatch::{account}:dashboard/{dashboardName}",
    create: ["cloudwatch:PutDashboard"],
    read: ["cloudwatch:GetDashboard"],
    update: ["cloudwatch:PutDashboard"],
    delete: ["cloudwatch:DeleteDashboards"],
  },
  "aws:cloudwatch/eventRule:EventRule": {
    create: ["events:PutRule", "events:TagResource if tagsAll"],
    read: ["events:DescribeRule", "events:ListTagsForResource"],
    update: ["events:PutRule"],
    delete: ["events:DeleteRule"],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    arn: "arn:aws:events:{region}:{account}:rule/{rule}",
    create: ["events:PutTargets", "iam:PassRole @roleArn -> events.amazonaws.com"],
    read: ["events:ListTargetsByRule"],
    update: ["events:PutTargets"],
    delete: ["events:RemoveTargets"],
  },
  "aws:sns/topic:Topic": {
    create: ["sns:CreateTopic", "sns:TagResource if tagsAll", "sns:SetTopicAttributes if policy"],
    read: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
    update: ["sns:SetTopicAttributes"],
    delete: ["sns:DeleteTopic"],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    create: ["sns:SetTopicAttributes @arn"],
    read: ["sns:GetTopicAttributes @arn"],
    update: ["sns:SetTopicAttributes @arn"],
    delete: ["sns:SetTopicAttributes @arn"],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    create: ["sns:Subscribe @topic"],
    read: ["sns:GetSubscriptionAttributes @topic"],
    update: ["sns:SetSubscriptionAttributes @topic"],
    delete: ["sns:Unsubscribe @topic"],
  },
  // AWS Budgets has two permissions for all its calls.
  "aws:budgets/budget:Budget": {
    create: ["budgets:ModifyBudget", "budgets:TagResource if tagsAll"],
    read: ["budgets:ViewBudget", "budgets:ListTagsForResource"],
    update: ["budgets:ModifyBudget"],
    delete: ["budgets:ModifyBudget"],
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    create: ["ce:CreateAnomalyMonitor *", "ce:TagResource if tagsAll"],
    read: ["ce:GetAnomalyMonitors", "ce:ListTagsForResource"],
    update: ["ce:UpdateAnomalyMonitor"],
    delete: ["ce:DeleteAnomalyMonitor"],
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    create: ["ce:CreateAnomalySubscription *", "ce:TagResource if tagsAll"],
    read: ["ce:GetAnomalySubscriptions", "ce:ListTagsForResource"],
    update: ["ce:UpdateAnomalySubscription"],
    delete: ["ce:DeleteAnomalySubscription"],
  },
};
