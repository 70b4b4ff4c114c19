import { types } from "../../recording/types";
import { add, all, attach, detach, merge, remove, set } from "../mutations";
import type { Cases } from "./case";

const internet = { name: "chatpop-internet-to-alb-80-0-0-0-0-0", type: types.ingressRule };
const rule = (name: string) => `${types.ingressRule} ${name}`;
const group = (name: string) => `${types.securityGroup} chatpop-${name}`;
const oldRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const into = (data: string) => ({ type: types.ingressRule, name: `chatpop-tasks-to-${data}` });
const internetGateway = "aws:ec2/internetGateway:InternetGateway chatpop";
const listenerRule = "aws:lb/listenerRule:ListenerRule";
const https = { domain: "chat.example.com" };
const openTo = (protocol: string, port: number) => ({
  ipProtocol: protocol,
  fromPort: port,
  toPort: port,
  cidrIpv4: "0.0.0.0/0",
});

export const network: Cases = {
  violations: [
    {
      what: "a load balancer that is open on SSH's port (G-52)",
      scale: "small",
      mutation: add(types.ingressRule, "ssh", openTo("tcp", 22), { securityGroupId: [group("alb")] }),
      policy: "internet-ingress",
      blames: rule("ssh"),
      says: /lets the internet in on port 22/,
    },
    {
      what: "a load balancer that is open on every port (G-191)",
      scale: "small",
      mutation: set(internet, "ipProtocol", "-1"),
      policy: "internet-ingress",
      blames: rule("chatpop-internet-to-alb-80-0-0-0-0-0"),
      says: /ports 0–65535/,
    },
    {
      what: "tasks that are open to the internet (G-72, GAP-13)",
      scale: "small",
      mutation: add(types.ingressRule, "direct", openTo("tcp", 9000), { securityGroupId: [group("tasks")] }),
      policy: "internet-ingress",
      blames: rule("direct"),
      says: /into chatpop-tasks, which is no load balancer's/,
      also: ["tasks-from-load-balancer-only"],
    },
    {
      what: "a rule of the older kind over IPv6",
      scale: "small",
      mutation: add(
        oldRule,
        "old",
        { type: "ingress", protocol: "tcp", fromPort: 5432, toPort: 5432, ipv6CidrBlocks: ["::/0"] },
        { securityGroupId: [group("db")] },
      ),
      policy: "internet-ingress",
      blames: `${oldRule} old`,
      says: /into chatpop-db/,
      also: ["data-from-tasks-only"],
    },
    {
      what: "a database that a whole network reaches (G-45)",
      scale: "medium",
      mutation: add(
        types.ingressRule,
        "office",
        { ipProtocol: "tcp", fromPort: 5432, toPort: 5432, cidrIpv4: "10.0.0.0/8" },
        { securityGroupId: [group("db")] },
      ),
      policy: "data-from-tasks-only",
      blames: rule("office"),
      says: /lets 10\.0\.0\.0\/8 into the data tier/,
    },
    {
      what: "half of the internet, which is half a way in for everybody (G-52)",
      scale: "small",
      mutation: add(
        types.ingressRule,
        "half",
        { ...openTo("tcp", 22), cidrIpv4: "128.0.0.0/1" },
        { securityGroupId: [group("alb")] },
      ),
      policy: "internet-ingress",
      blames: rule("half"),
      says: /lets the internet in on port 22/,
    },
    ...(
      [
        ["a group that is named by hand", "referencedSecurityGroupId", "sg-0123456789"],
        ["a prefix list", "prefixListId", "pl-0123456789"],
      ] as const
    ).map(([what, property, id]) => ({
      what: `a database that ${what} reaches (G-45)`,
      scale: "small" as const,
      mutation: add(
        types.ingressRule,
        "stranger",
        { ipProtocol: "tcp", fromPort: 5432, toPort: 5432, [property]: id },
        { securityGroupId: [group("db")] },
      ),
      policy: "data-from-tasks-only",
      blames: rule("stranger"),
      says: new RegExp(`lets ${id} into the data tier`),
    })),
    {
      what: "a database that is left to the VPC's default group (G-45)",
      scale: "small",
      mutation: all(
        detach({ type: types.database }, "vpcSecurityGroupIds", types.securityGroup),
        set({ type: types.database }, "vpcSecurityGroupIds", undefined),
      ),
      policy: "data-from-tasks-only",
      blames: `${types.database} chatpop-db`,
      says: /is in the VPC's default group/,
    },
    {
      what: "a cache that the load balancer reaches (GAP-9)",
      scale: "small",
      mutation: attach(
        { type: types.ingressRule, name: "chatpop-tasks-to-redis" },
        "referencedSecurityGroupId",
        group("alb"),
      ),
      policy: "data-from-tasks-only",
      blames: rule("chatpop-tasks-to-redis"),
      says: /lets chatpop-alb into the data tier/,
    },
    {
      what: "an inline rule of a group (GAP-13)",
      scale: "small",
      mutation: set({ type: types.securityGroup, name: "chatpop-redis" }, "ingress", [
        { protocol: "tcp", fromPort: 6379, toPort: 6379, cidrBlocks: ["192.168.0.0/16"] },
      ]),
      policy: "data-from-tasks-only",
      blames: group("redis"),
      says: /lets 192\.168\.0\.0\/16 into the data tier/,
    },
    {
      what: "tasks that another group reaches (GAP-22)",
      scale: "small",
      mutation: attach(
        { type: types.ingressRule, name: "chatpop-alb-to-tasks" },
        "referencedSecurityGroupId",
        group("redis"),
      ),
      policy: "tasks-from-load-balancer-only",
      blames: rule("chatpop-alb-to-tasks"),
      says: /lets chatpop-redis into the tasks/,
    },
    {
      what: "a database in one subnet (G-50)",
      scale: "small",
      mutation: set({ type: types.databaseSubnetGroup }, "subnetIds", ["subnet-1"]),
      policy: "two-zones",
      blames: `${types.databaseSubnetGroup} chatpop-db`,
      says: /stands in 1 subnet only/,
    },
    {
      what: "a load balancer whose subnets are in one zone (G-50)",
      scale: "small",
      mutation: set({ type: types.subnet }, "availabilityZone", "us-east-1a"),
      policy: "two-zones",
      blames: `${types.loadBalancer} chatpop-alb`,
      says: /all its subnets are in zone us-east-1a/,
    },
    {
      what: "tasks in one subnet (G-72)",
      scale: "small",
      mutation: merge({ type: types.service, name: "chatpop-backend-service" }, "networkConfiguration", {
        subnets: ["subnet-1"],
      }),
      policy: "two-zones",
      blames: `${types.service} chatpop-backend-service`,
      says: /stands in 1 subnet only/,
    },
    ...["made of a gateway", "with a gateway's id"].map((how, index) => ({
      what: `a database in a subnet whose table has a route of its own, ${how} (G-45)`,
      scale: "small" as const,
      mutation: all(
        add(
          types.routeTable,
          "open",
          { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] },
          index === 0 ? { routes: [internetGateway] } : {},
        ),
        add(
          types.routeTableAssociation,
          "open",
          {},
          {
            subnetId: [`${types.subnet} chatpop-private-1`],
            routeTableId: [`${types.routeTable} open`],
          },
        ),
        remove({ type: types.cacheSubnetGroup }),
      ),
      policy: "data-in-private-subnets",
      blames: `${types.databaseSubnetGroup} chatpop-db`,
      says: /chatpop-private-1 is a public subnet/,
    })),
    {
      what: "a database in a public subnet (G-45)",
      scale: "small",
      mutation: attach({ type: types.databaseSubnetGroup }, "subnetIds", `${types.subnet} chatpop-public-1`),
      policy: "data-in-private-subnets",
      blames: `${types.databaseSubnetGroup} chatpop-db`,
      says: /chatpop-public-1 is a public subnet/,
    },
    {
      what: "TLS 1.0 (GAP-14)",
      scale: "small",
      config: https,
      mutation: set({ type: types.listener, name: "chatpop-https" }, "sslPolicy", undefined),
      policy: "listener-tls",
      blames: `${types.listener} chatpop-https`,
      says: /ELBSecurityPolicy-2016-08 still speaks TLS 1\.0/,
    },
    {
      what: "a network load balancer that speaks TLS 1.0",
      scale: "small",
      mutation: add(types.listener, "tls", { protocol: "TLS" }),
      policy: "listener-tls",
      blames: `${types.listener} tls`,
      says: /ELBSecurityPolicy-2016-08 still speaks TLS 1\.0/,
    },
    {
      what: "a path that plain HTTP serves beside HTTPS (GAP-14)",
      scale: "medium",
      config: https,
      mutation: add(
        listenerRule,
        "admin",
        { actions: [{ type: "forward" }] },
        { listenerArn: [`${types.listener} chatpop-http`] },
      ),
      policy: "http-redirects",
      blames: `${listenerRule} admin`,
      says: /serves plain HTTP beside HTTPS/,
    },
    {
      what: "plain HTTP beside HTTPS (GAP-14)",
      scale: "medium",
      config: https,
      mutation: set({ type: types.listener, name: "chatpop-http" }, "defaultActions", [{ type: "forward" }]),
      policy: "http-redirects",
      blames: `${types.listener} chatpop-http`,
      says: /serves plain HTTP beside HTTPS/,
    },
    {
      what: "a certificate whose domain is not proved yet (GAP-14)",
      scale: "medium",
      config: https,
      mutation: all(
        detach(
          { type: types.listener, name: "chatpop-https" },
          "certificateArn",
          types.certificateValidation,
        ),
        attach(
          { type: types.listener, name: "chatpop-https" },
          "certificateArn",
          `${types.certificate} chatpop-certificate`,
        ),
      ),
      policy: "certificate-issued",
      blames: `${types.listener} chatpop-https`,
      says: /takes chatpop-certificate before its domain is proved/,
    },
    {
      what: "an alias whose target is written by hand (G-51)",
      scale: "small",
      config: https,
      mutation: detach({ type: types.record, name: "chatpop-domain" }, "aliases", types.loadBalancer),
      policy: "alias-follows-target",
      blames: `${types.record} chatpop-domain`,
      says: /written by hand/,
    },
  ],
  allowances: [
    { what: "HTTPS", scale: "large", config: https },
    {
      what: "paths with rules of their own, over HTTPS or redirected",
      scale: "medium",
      config: https,
      mutation: all(
        add(
          listenerRule,
          "admin",
          { actions: [{ type: "forward" }] },
          { listenerArn: [`${types.listener} chatpop-https`] },
        ),
        add(
          listenerRule,
          "old",
          { actions: [{ type: "redirect" }] },
          { listenerArn: [`${types.listener} chatpop-http`] },
        ),
      ),
    },
    {
      what: "a web firewall and access logs",
      scale: "large",
      config: { ...https, webFirewall: "true", accessLogs: "true" },
    },
    {
      what: "HTTPS with a certificate that is not the stack's",
      scale: "large",
      config: { ...https, certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" },
    },
    { what: "a chat for one network only", scale: "small", config: { allowedCidrs: '["203.0.113.0/24"]' } },
    {
      what: "tasks whose group is named by hand, everywhere alike",
      scale: "small",
      mutation: all(
        detach(
          { type: types.service, name: "chatpop-backend-service" },
          "networkConfiguration",
          types.securityGroup,
        ),
        merge({ type: types.service, name: "chatpop-backend-service" }, "networkConfiguration", {
          securityGroups: ["sg-tasks"],
        }),
        ...["redis", "db"].flatMap((data) => [
          detach(into(data), "referencedSecurityGroupId", types.securityGroup),
          set(into(data), "referencedSecurityGroupId", "sg-tasks"),
        ]),
      ),
    },
    {
      what: "a network of one's own behind the load balancer's other ports",
      scale: "small",
      mutation: add(
        types.ingressRule,
        "office",
        { ...openTo("tcp", 8443), cidrIpv4: "10.0.0.0/8" },
        { securityGroupId: [group("alb")] },
      ),
    },
    { what: "three zones", scale: "large", config: { zones: "3" } },
    {
      what: "a way in whose target is not known",
      scale: "small",
      mutation: detach(internet, "cidrIpv4"),
    },
  ],
};
