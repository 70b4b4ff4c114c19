// The whole chat, and its web frontend behind the same load balancer.
import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { makeChat } from "chatpop-on-aws/components/chat";
import { makePlan } from "chatpop-on-aws/stacks/plan";
import { summary } from "chatpop-on-aws/stacks/plan/summary";
import { Frontend } from "./frontend";

const config = new pulumi.Config();
const settings = makePlan({ scale: "small" }, pulumi.getStack());
const { network, securityGroups, cluster, tasks, loadBalancer, listener, dashboard } = makeChat(
  "chatpop",
  settings,
);

const port = 3000;
const frontend = new Frontend("frontend", {
  image: config.require("image"),
  architecture: settings.task.architecture,
  logRetentionDays: settings.logRetentionDays,
  clusterArn: cluster.arn,
  vpcId: network.vpcId,
  tasks: { ...tasks, securityGroupId: securityGroups.behindLoadBalancer("frontend", "Web frontend", port) },
  port,
});

/** A rule of the listener, whose default action sends every request to the backend. */
const rule = (name: string, priority: number, paths: string[], targetGroupArn: pulumi.Output<string>) =>
  new lb.ListenerRule(name, {
    listenerArn: listener.arn,
    priority,
    conditions: [{ pathPattern: { values: paths } }],
    actions: [{ type: "forward", targetGroupArn }],
  });

// AWS takes five patterns a rule. The smoke test of a release asks for /healthz.
const backend = loadBalancer.targetGroupArn;
const rules = [
  rule("chat", 10, ["/api/*", "/ws/*", "/media/*"], backend),
  rule("administration", 20, ["/admin/*", "/static/*", "/healthz"], backend),
  rule("frontend", 30, ["/*"], frontend.targetGroupArn),
];
frontend.start([securityGroups, ...rules]);

export const plan = summary(settings);
export const url = loadBalancer.url;
export const dashboardUrl = dashboard.url;
