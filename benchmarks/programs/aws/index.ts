// For comparison by `make benchmark`: a web service on Fargate, a cache and a database, written down resource by resource in
// the style of public examples.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const zones = ["us-east-1a", "us-east-1b"];
const vpc = new aws.ec2.Vpc("app", {
  cidrBlock: "10.0.0.0/16",
  enableDnsHostnames: true,
  enableDnsSupport: true,
});
const gateway = new aws.ec2.InternetGateway("app", { vpcId: vpc.id });
const routes = new aws.ec2.RouteTable("public", {
  vpcId: vpc.id,
  routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }],
});
const publicSubnets = zones.map((zone, index) => {
  const subnet = new aws.ec2.Subnet(`public-${index}`, {
    vpcId: vpc.id,
    availabilityZone: zone,
    cidrBlock: `10.0.${index}.0/24`,
    mapPublicIpOnLaunch: true,
  });
  new aws.ec2.RouteTableAssociation(`public-${index}`, { subnetId: subnet.id, routeTableId: routes.id });
  return subnet;
});
const privateSubnets = zones.map(
  (zone, index) =>
    new aws.ec2.Subnet(`private-${index}`, {
      vpcId: vpc.id,
      availabilityZone: zone,
      cidrBlock: `10.0.${index + 10}.0/24`,
    }),
);
const anywhere = [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }];
const balancerGroup = new aws.ec2.SecurityGroup("balancer", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
  egress: anywhere,
});
const group = (name: string, port: number, from: aws.ec2.SecurityGroup) =>
  new aws.ec2.SecurityGroup(name, {
    vpcId: vpc.id,
    ingress: [{ protocol: "tcp", fromPort: port, toPort: port, securityGroups: [from.id] }],
    egress: anywhere,
  });
const appGroup = group("app", 8000, balancerGroup);
const databaseGroup = group("database", 5432, appGroup);
const cacheGroup = group("cache", 6379, appGroup);

const password = new random.RandomPassword("database", { length: 24, special: false });
const database = new aws.rds.Instance("app", {
  engine: "postgres",
  engineVersion: "15.12",
  instanceClass: "db.t3.micro",
  allocatedStorage: 20,
  dbName: "app",
  username: "app",
  password: password.result,
  dbSubnetGroupName: new aws.rds.SubnetGroup("app", { subnetIds: privateSubnets.map(({ id }) => id) }).name,
  vpcSecurityGroupIds: [databaseGroup.id],
  skipFinalSnapshot: true,
});
const cache = new aws.elasticache.ReplicationGroup("app", {
  description: "Sessions",
  engine: "redis",
  engineVersion: "7.0",
  nodeType: "cache.t3.micro",
  numCacheClusters: 1,
  subnetGroupName: new aws.elasticache.SubnetGroup("app", { subnetIds: privateSubnets.map(({ id }) => id) })
    .name,
  securityGroupIds: [cacheGroup.id],
});

const balancer = new aws.lb.LoadBalancer("app", {
  loadBalancerType: "application",
  subnets: publicSubnets.map(({ id }) => id),
  securityGroups: [balancerGroup.id],
});
const targets = new aws.lb.TargetGroup("app", {
  vpcId: vpc.id,
  port: 8000,
  protocol: "HTTP",
  targetType: "ip",
  healthCheck: { path: "/health" },
});
const listener = new aws.lb.Listener("app", {
  loadBalancerArn: balancer.arn,
  port: 80,
  protocol: "HTTP",
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});

const role = new aws.iam.Role("execution", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
});
new aws.iam.RolePolicyAttachment("execution", {
  role: role.name,
  policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
});
const logs = new aws.cloudwatch.LogGroup("app", { retentionInDays: 30 });
const cluster = new aws.ecs.Cluster("app");
const task = new aws.ecs.TaskDefinition("app", {
  family: "app",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  executionRoleArn: role.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "app",
      image: "nginx:1.27",
      essential: true,
      portMappings: [{ containerPort: 8000 }],
      environment: [
        { name: "DATABASE_HOST", value: database.address },
        { name: "REDIS_HOST", value: cache.primaryEndpointAddress },
      ],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": logs.name,
          "awslogs-region": "us-east-1",
          "awslogs-stream-prefix": "app",
        },
      },
    },
  ]),
});
const service = new aws.ecs.Service(
  "app",
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 2,
    launchType: "FARGATE",
    networkConfiguration: {
      subnets: publicSubnets.map(({ id }) => id),
      securityGroups: [appGroup.id],
      assignPublicIp: true,
    },
    loadBalancers: [{ targetGroupArn: targets.arn, containerName: "app", containerPort: 8000 }],
  },
  { dependsOn: [listener] },
);

export const url = pulumi.interpolate`http://${balancer.dnsName}`;
export const serviceName = service.name;
