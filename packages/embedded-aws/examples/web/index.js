// A program that knows nothing of the embedded AWS.
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const size = new pulumi.Config().getNumber("tasks") ?? 1;
const region = aws.getRegionOutput().region;
const vpc = aws.ec2.getVpcOutput({ default: true });
const subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] }).ids;

const files = new aws.s3.BucketV2("files");
new aws.s3.BucketObjectv2("index", { bucket: files.id, key: "index.html", content: "<h1>Hello</h1>" });
const events = new aws.sqs.Queue("events", { visibilityTimeoutSeconds: 60 });
const seen = new aws.dynamodb.Table("seen", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
});

const group = new aws.ec2.SecurityGroup("web", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});
const balancer = new aws.alb.LoadBalancer("web", { subnets, securityGroups: [group.id] });
const targets = new aws.alb.TargetGroup("web", {
  port: 80,
  protocol: "HTTP",
  targetType: "ip",
  vpcId: vpc.id,
});
const listener = new aws.alb.Listener("web", {
  loadBalancerArn: balancer.arn,
  port: 80,
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});

const role = new aws.iam.Role("execution", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
});
new aws.iam.RolePolicyAttachment("execution", {
  role: role.name,
  policyArn: aws.iam.ManagedPolicy.AmazonECSTaskExecutionRolePolicy,
});
const logs = new aws.cloudwatch.LogGroup("web", { retentionInDays: 7 });
const cluster = new aws.ecs.Cluster("web");
const definition = new aws.ecs.TaskDefinition("web", {
  family: "web",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  executionRoleArn: role.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "nginx",
      image: "public.ecr.aws/nginx/nginx:1.27",
      portMappings: [{ containerPort: 80 }],
      environment: [
        { name: "QUEUE", value: events.url },
        { name: "TABLE", value: seen.name },
      ],
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": logs.name, "awslogs-region": region, "awslogs-stream-prefix": "nginx" },
      },
    },
  ]),
});
new aws.ecs.Service(
  "web",
  {
    cluster: cluster.arn,
    taskDefinition: definition.arn,
    desiredCount: size,
    launchType: "FARGATE",
    networkConfiguration: { subnets, securityGroups: [group.id], assignPublicIp: true },
    loadBalancers: [{ targetGroupArn: targets.arn, containerName: "nginx", containerPort: 80 }],
  },
  { dependsOn: [listener] },
);

exports.url = pulumi.interpolate`http://${balancer.dnsName}`;
