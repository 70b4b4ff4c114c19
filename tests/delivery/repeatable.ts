/** Types whose creation leaves nothing behind that a second one meets. */
export const repeatable = new Set([
  // Adopts what AWS has made.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  // One more version or revision, which nothing names.
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:lambda/invocation:Invocation",
  // The same target under the same id.
  "aws:cloudwatch/eventTarget:EventTarget",
  // The same endpoint: SNS answers with the subscription that is there.
  "aws:sns/topicSubscription:TopicSubscription",
  // A wait.
  "aws:acm/certificateValidation:CertificateValidation",
]);
