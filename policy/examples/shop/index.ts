/**
 * A shop of another team: nginx and an API on Fargate, PostgreSQL, and Redis that speaks TLS only. What is called a mistake below
 * is one that the pack finds; the rest is unlike the chat, and right.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const vpcId = "vpc-0a1b2c3d4e5f60718";
const subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"];

const edge = new aws.ec2.SecurityGroup("edge", { vpcId });
const tasks = new aws.ec2.SecurityGroup("tasks", { vpcId });
const data = new aws.ec2.SecurityGroup("data", { vpcId });
const open = { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" };
new aws.vpc.SecurityGroupIngressRule("https", {
  securityGroupId: edge.id,
  ...open,
  fromPort: 443,
  toPort: 443,
});
// Mistake: a shell for everybody.
new aws.vpc.SecurityGroupIngressRule("ssh", { securityGroupId: tasks.id, ...open, fromPort: 22, toPort: 22 });
for (const port of [5432, 6379]) {
  new aws.vpc.SecurityGroupIngressRule(`from-tasks-${port}`, {
    securityGroupId: data.id,
    referencedSecurityGroupId: tasks.id,
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
  });
}

const database = new aws.rds.Instance("shop", {
  engine: "postgres",
  engineVersion: "17",
  instanceClass: "db.t4g.medium",
  allocatedStorage: 100,
  storageEncrypted: true,
  username: "shop",
  manageMasterUserPassword: true,
  vpcSecurityGroupIds: [data.id],
  // Mistake: AWS's own default is no backup at all.
  backupRetentionPeriod: 0,
});
const cache = new aws.elasticache.ReplicationGroup("sessions", {
  description: "sessions of the shop",
  nodeType: "cache.t4g.small",
  numCacheClusters: 2,
  atRestEncryptionEnabled: true,
  transitEncryptionEnabled: true,
  securityGroupIds: [data.id],
});

const logs = new aws.cloudwatch.LogGroup("shop", { retentionInDays: 365 });
const execution = new aws.iam.Role("execution", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
  managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"],
});
const logConfiguration = {
  logDriver: "awslogs",
  options: { "awslogs-group": logs.name, "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "shop" },
};
const web = new aws.ecs.TaskDefinition("web", {
  family: "web",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  executionRoleArn: execution.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "nginx",
      // Mistake: a tag that moves.
      image: "nginx:latest",
      portMappings: [{ containerPort: 80 }],
      logConfiguration,
    },
    {
      name: "api",
      image: "ghcr.io/shop/api:2026.11.3",
      environment: [
        { name: "DB_HOST", value: database.address },
        { name: "REDIS_URL", value: pulumi.interpolate`rediss://${cache.primaryEndpointAddress}:6379` },
      ],
      // The name of a parameter in the same region is enough for ECS.
      secrets: [{ name: "DB_PASSWORD", valueFrom: "/shop/db-password" }],
      logConfiguration,
    },
  ]),
});

const targets = new aws.lb.TargetGroup("web", { port: 80, protocol: "HTTP", targetType: "ip", vpcId });
const balancer = new aws.lb.LoadBalancer("web", {
  securityGroups: [edge.id],
  subnets,
  dropInvalidHeaderFields: true,
});
const listener = new aws.lb.Listener("https", {
  loadBalancerArn: balancer.arn,
  port: 443,
  protocol: "HTTPS",
  certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});
const cluster = new aws.ecs.Cluster("shop");
new aws.ecs.Service(
  "web",
  {
    cluster: cluster.arn,
    taskDefinition: web.arn,
    desiredCount: 2,
    capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    networkConfiguration: { subnets, securityGroups: [tasks.id], assignPublicIp: true },
    loadBalancers: [{ targetGroupArn: targets.arn, containerName: "nginx", containerPort: 80 }],
  },
  { dependsOn: [listener] },
);
