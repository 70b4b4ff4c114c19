import { expect } from "chai";
import { metricFault, type MetricQuery } from "../../models/metrics";
import { namespaces } from "../../models/metricTable";
import { World } from "./world";

const balancer = "app/chatpop/1a";
const group = "targetgroup/chatpop/2b";

/** One resource of every kind that a dimension names. */
function populated(): World {
  const world = new World();
  world.put("aws:lb/loadBalancer:LoadBalancer", "alb", { arnSuffix: balancer });
  world.put("aws:lb/targetGroup:TargetGroup", "tg", { arnSuffix: group });
  world.put("aws:ecs/cluster:Cluster", "cluster", {
    name: "chatpop",
    settings: [{ name: "containerInsights", value: "disabled" }],
  });
  world.put("aws:ecs/service:Service", "service", { name: "web" });
  world.put("aws:rds/instance:Instance", "db-1", { identifier: "primary", instanceClass: "db.m5.large" });
  world.put("aws:rds/instance:Instance", "db-2", {
    identifier: "replica",
    instanceClass: "db.t3.medium",
    replicateSourceDb: "primary",
  });
  world.put("aws:rds/proxy:Proxy", "proxy", { name: "proxy" });
  world.put("aws:elasticache/replicationGroup:ReplicationGroup", "redis", {
    memberClusters: ["redis-001", "redis-002"],
  });
  return world;
}

const fault = (query: MetricQuery) => metricFault(query, populated().context);
const elb = (
  metricName: string,
  dimensions: Readonly<Record<string, string>>,
  stat?: string,
  unit?: string,
) => fault({ namespace: "AWS/ApplicationELB", metricName, dimensions, stat, unit });
const rds = (metricName: string, dimensions: Readonly<Record<string, string>>) =>
  fault({ namespace: "AWS/RDS", metricName, dimensions });

describe("metrics that have data", () => {
  it("are those of existing resources, with a statistic and a unit that mean something", () => {
    const both = { LoadBalancer: balancer, TargetGroup: group };
    expect(elb("ActiveConnectionCount", { LoadBalancer: balancer }, "Sum", "Count")).to.equal(undefined);
    expect(elb("HealthyHostCount", both, "Maximum")).to.equal(undefined);
    expect(elb("TargetResponseTime", both, "p95", "Seconds")).to.equal(undefined);
    expect(rds("ReplicaLag", { DBInstanceIdentifier: "replica" })).to.equal(undefined);
    expect(rds("CPUCreditBalance", { DBInstanceIdentifier: "replica" })).to.equal(undefined);
    expect(rds("DatabaseConnections", { ProxyName: "proxy" })).to.equal(undefined);
    const writer = { ProxyName: "proxy", TargetGroup: "default", TargetRole: "READ_WRITE" };
    expect(rds("DatabaseConnections", writer)).to.equal(undefined);
    expect(rds("ClientConnections", { ProxyName: "proxy", EndpointName: "default" })).to.equal(undefined);
    const second = { CacheClusterId: "redis-002", CacheNodeId: "0001" };
    const cache = { namespace: "AWS/ElastiCache", metricName: "Evictions", dimensions: second };
    expect(fault(cache)).to.equal(undefined);
  });

  it("may be the program's own", () => {
    const own = { namespace: "ChatPop", metricName: "Outbox", dimensions: {} };
    expect(fault(own)).to.equal(undefined);
  });
});

describe("metrics that never have data (GAP-34)", () => {
  const refused: [string, string | undefined, RegExp][] = [
    [
      "a namespace that AWS lacks",
      fault({ namespace: "AWS/ELB2", metricName: "A", dimensions: {} }),
      /no namespace is called AWS\/ELB2/,
    ],
    [
      "a name that the namespace lacks",
      elb("ActiveConnections", { LoadBalancer: balancer }),
      /AWS\/ApplicationELB has no metric ActiveConnections/,
    ],
    [
      "connections of a target group",
      elb("ActiveConnectionCount", { LoadBalancer: balancer, TargetGroup: group }),
      /not written with the dimensions \{LoadBalancer, TargetGroup\}, but with \{LoadBalancer\}/,
    ],
    [
      "healthy hosts of a load balancer alone",
      elb("HealthyHostCount", { LoadBalancer: balancer }),
      /but with \{LoadBalancer, TargetGroup\}/,
    ],
    [
      "an ARN for its end",
      elb("ActiveConnectionCount", { LoadBalancer: `arn:aws:elasticloadbalancing:…/${balancer}` }),
      /is no arnSuffix of any LoadBalancer/,
    ],
    [
      "an average of connections",
      elb("ActiveConnectionCount", { LoadBalancer: balancer }, "Average"),
      /Average of ActiveConnectionCount means nothing: use Sum/,
    ],
    [
      "a sum of hosts",
      elb("HealthyHostCount", { LoadBalancer: balancer, TargetGroup: group }, "Sum"),
      /use Average, Minimum, Maximum/,
    ],
    [
      "response time in milliseconds",
      elb("TargetResponseTime", { LoadBalancer: balancer }, "Average", "Milliseconds"),
      /written in Seconds, not in Milliseconds/,
    ],
    ["lag of a primary", rds("ReplicaLag", { DBInstanceIdentifier: "primary" }), /it is no read replica/],
    [
      "credits of a class that has none",
      rds("CPUCreditBalance", { DBInstanceIdentifier: "primary" }),
      /only burstable classes/,
    ],
    [
      "a proxy's target group by another name",
      rds("DatabaseConnections", { ProxyName: "proxy", TargetGroup: "chatpop", TargetRole: "READ_WRITE" }),
      /TargetGroup is always default/,
    ],
    [
      "a proxy's target group without its role",
      rds("DatabaseConnections", { ProxyName: "proxy", TargetGroup: "default" }),
      /but with .*\{ProxyName\} or \{ProxyName, TargetGroup, TargetRole\}/,
    ],
    [
      "connections of one of the machines under a proxy",
      fault({
        namespace: "AWS/RDS",
        metricName: "ClientConnections",
        dimensions: { ProxyName: "proxy" },
        stat: "Maximum",
      }),
      /Maximum of ClientConnections means nothing: use Sum/,
    ],
    [
      "a cache by its replication group",
      fault({
        namespace: "AWS/ElastiCache",
        metricName: "Evictions",
        dimensions: { CacheClusterId: "redis" },
      }),
      /CacheClusterId redis is no memberClusters of any ReplicationGroup/,
    ],
    [
      "running tasks without Container Insights",
      fault({
        namespace: "ECS/ContainerInsights",
        metricName: "RunningTaskCount",
        dimensions: { ClusterName: "chatpop", ServiceName: "web" },
      }),
      /Container Insights turned off/,
    ],
  ];
  for (const [what, answer, expected] of refused) it(what, () => expect(answer).to.match(expected));
});

it("knows how to find every dimension that a metric is written with", () => {
  for (const { dimensions, families } of Object.values(namespaces))
    expect(Object.keys(dimensions)).to.include.members(families.flatMap((each) => each.dimensions.flat()));
});
