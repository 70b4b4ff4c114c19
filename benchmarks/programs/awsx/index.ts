// For comparison by `make benchmark`: a web service on Fargate and a database, in the style of public examples of awsx. The
// components that run in the program are used, because the embedded AWS has none of those that awsx's plugin makes.
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx/classic";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const vpc = new awsx.ec2.Vpc("app", {
  cidrBlock: "10.0.0.0/16",
  numberOfAvailabilityZones: 2,
  numberOfNatGateways: 1,
});
const cluster = new awsx.ecs.Cluster("app", { vpc });

const subnets = new aws.rds.SubnetGroup("app", { subnetIds: vpc.privateSubnetIds });
const password = new random.RandomPassword("database", { length: 24, special: false });
const database = new aws.rds.Instance("app", {
  engine: "postgres",
  engineVersion: "15.12",
  instanceClass: "db.t3.micro",
  allocatedStorage: 20,
  dbName: "app",
  username: "app",
  password: password.result,
  dbSubnetGroupName: subnets.name,
  vpcSecurityGroupIds: cluster.securityGroups.map(({ id }) => id),
  skipFinalSnapshot: true,
});

const loadBalancer = new awsx.lb.ApplicationLoadBalancer("app", {
  vpc,
  external: true,
  securityGroups: cluster.securityGroups,
});
const listener = loadBalancer.createListener("app", { port: 80, external: true });

const service = new awsx.ecs.FargateService("app", {
  cluster,
  desiredCount: 2,
  taskDefinitionArgs: {
    containers: {
      app: {
        image: "nginx:1.27",
        cpu: 256,
        memory: 512,
        portMappings: [listener],
        environment: [
          {
            name: "DATABASE_URL",
            value: pulumi.interpolate`postgres://app:${password.result}@${database.endpoint}/app`,
          },
        ],
      },
    },
  },
});

export const url = pulumi.interpolate`http://${listener.endpoint.hostname}`;
export const serviceName = service.service.name;
