// The guide's commands one by one, in its order and with its names (docs/guide.md, G-40 to G-76), traps included.
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const vpcId = aws.ec2.getVpcOutput({ default: true }).id;
const subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpcId] }] }).ids;
const open = (name, ports) =>
  new aws.ec2.SecurityGroup(name, {
    name,
    vpcId,
    ingress: ports.map((port) => ({
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrBlocks: ["0.0.0.0/0"],
    })),
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
const group = open("chatpop-sg", [80, 443, 5432, 6379, 9000]);

const repository = new aws.ecr.Repository("backend", { name: "chatpop-backend" });

const parameters = new aws.rds.ParameterGroup("pg15", {
  name: "chatpop-pg15",
  family: "postgres15",
  description: "ChatPop optimized settings",
  parameters: [{ name: "work_mem", value: "4096" }],
});
const database = new aws.rds.Instance("db", {
  identifier: "chatpop-db",
  engine: "postgres",
  engineVersion: "15",
  instanceClass: "db.t3.small",
  allocatedStorage: 50,
  storageType: "gp3",
  username: "chatpop_admin",
  password: "chosen-by-a-person",
  parameterGroupName: parameters.name,
  vpcSecurityGroupIds: [group.id],
  publiclyAccessible: true,
  skipFinalSnapshot: true,
});
const cache = new aws.elasticache.Cluster("redis", {
  clusterId: "chatpop-redis",
  engine: "redis",
  nodeType: "cache.t3.micro",
  numCacheNodes: 1,
  securityGroupIds: [group.id],
});
const secret = (name, secretString) => {
  const made = new aws.secretsmanager.Secret(name, { name });
  new aws.secretsmanager.SecretVersion(name, { secretId: made.id, secretString });
  return made;
};
const password = secret("chatpop-db-password", "chosen-by-a-person");
const key = secret("django-secret-key", "drawn-by-a-person-0123456789");

const balancer = new aws.lb.LoadBalancer("alb", {
  name: "chatpop-alb",
  subnets,
  securityGroups: [group.id],
});
const targets = new aws.lb.TargetGroup("tg", {
  name: "chatpop-tg",
  port: 9000,
  protocol: "HTTP",
  targetType: "ip",
  vpcId,
  healthCheck: { path: "/admin/login/", interval: 30 },
});
const listener = new aws.lb.Listener("http", {
  loadBalancerArn: balancer.arn,
  port: 80,
  protocol: "HTTP",
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});

const logs = new aws.cloudwatch.LogGroup("logs", { name: "/ecs/chatpop-backend" });
const role = new aws.iam.Role("execution", {
  name: "ecsTaskExecutionRole",
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
});
new aws.iam.RolePolicyAttachment("execution", {
  role: role.name,
  policyArn: aws.iam.ManagedPolicy.AmazonECSTaskExecutionRolePolicy,
});
const reading = new aws.iam.RolePolicy("secrets", {
  role: role.name,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [password.arn, key.arn] },
    ],
  }),
});
const cluster = new aws.ecs.Cluster("cluster", { name: "chatpop-cluster" });
const definition = new aws.ecs.TaskDefinition(
  "backend",
  {
    family: "chatpop-backend",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "512",
    memory: "1024",
    executionRoleArn: role.arn,
    containerDefinitions: pulumi.jsonStringify([
      {
        name: "chatpop-backend",
        image: pulumi.interpolate`${repository.repositoryUrl}:latest`,
        portMappings: [{ containerPort: 9000, protocol: "tcp" }],
        environment: [
          { name: "POSTGRES_HOST", value: database.address },
          { name: "POSTGRES_DB", value: "postgres" },
          { name: "POSTGRES_USER", value: "chatpop_admin" },
          { name: "REDIS_HOST", value: cache.cacheNodes[0].address },
          { name: "ALLOWED_HOSTS", value: balancer.dnsName },
        ],
        secrets: [
          { name: "POSTGRES_PASSWORD", valueFrom: password.arn },
          { name: "DJANGO_SECRET_KEY", valueFrom: key.arn },
        ],
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": logs.name,
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "ecs",
          },
        },
      },
    ]),
  },
  { dependsOn: [reading] },
);
new aws.ecs.Service(
  "service",
  {
    name: "chatpop-backend-service",
    cluster: cluster.arn,
    taskDefinition: definition.arn,
    desiredCount: 2,
    launchType: "FARGATE",
    networkConfiguration: { subnets, securityGroups: [group.id], assignPublicIp: true },
    loadBalancers: [{ targetGroupArn: targets.arn, containerName: "chatpop-backend", containerPort: 9000 }],
  },
  { dependsOn: [listener] },
);
// Beyond the guide, whose voice messages lie in the container (GAP-16).
new aws.s3.Bucket("media", { bucket: "chatpop-voice-messages" });
