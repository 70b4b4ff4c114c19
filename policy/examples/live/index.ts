/** A server for WebSockets of another team, with PostgreSQL. What is called a mistake below is one that the pack finds. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const vpcId = "vpc-0a1b2c3d4e5f60718";
const subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"];

const database = new aws.rds.Instance("scores", {
  engine: "postgres",
  engineVersion: "17",
  instanceClass: "db.r8g.large",
  allocatedStorage: 200,
  storageType: "io2",
  iops: 3_000,
  storageEncrypted: true,
  backupRetentionPeriod: 14,
  username: "scores",
  manageMasterUserPassword: true,
  vpcSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
});

const logs = new aws.cloudwatch.LogGroup("live", { retentionInDays: 90 });
const task = new aws.ecs.TaskDefinition("live", {
  family: "live",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  cpu: "1024",
  memory: "2048",
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "centrifugo",
      image: "centrifugo/centrifugo:v6.2.0",
      portMappings: [{ containerPort: 8000 }],
      // Mistake: 30 seconds until it is killed, ECS's default, are too few for all clients to go elsewhere.
      environment: [{ name: "SCORES_HOST", value: database.address }],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": logs.name,
          "awslogs-region": "eu-central-1",
          "awslogs-stream-prefix": "live",
        },
      },
    },
  ]),
});

const targets = new aws.lb.TargetGroup("live", {
  port: 8000,
  protocol: "HTTP",
  targetType: "ip",
  vpcId,
  deregistrationDelay: 60,
});
const balancer = new aws.lb.LoadBalancer("live", {
  subnets,
  dropInvalidHeaderFields: true,
  // Mistake: shorter than the 25 seconds between two pings.
  idleTimeout: 15,
});
const listener = new aws.lb.Listener("https", {
  loadBalancerArn: balancer.arn,
  port: 443,
  protocol: "HTTPS",
  certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});
new aws.lb.ListenerRule("sockets", {
  listenerArn: listener.arn,
  conditions: [{ pathPattern: { values: ["/socket.io/*"] } }],
  actions: [{ type: "forward", targetGroupArn: targets.arn }],
});
const cluster = new aws.ecs.Cluster("live");
new aws.ecs.Service(
  "live",
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 3,
    // Mistake: Spot takes tasks, and all their sockets, away at two minutes' notice.
    capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    deploymentCircuitBreaker: { enable: true, rollback: true },
    networkConfiguration: { subnets, assignPublicIp: true },
    loadBalancers: [{ targetGroupArn: targets.arn, containerName: "centrifugo", containerPort: 8000 }],
  },
  { dependsOn: [listener] },
);

// Mistake: nobody hears of it.
new aws.cloudwatch.MetricAlarm("errors", {
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_5XX_Count",
  dimensions: { LoadBalancer: balancer.arnSuffix },
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 10,
  comparisonOperator: "GreaterThanThreshold",
});
