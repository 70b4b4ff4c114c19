import { types } from "../../../aws/types";
import { everythingOn } from "../../recording/everythingOn";
import { all, edited, merge, type Mutation, remove, set, write } from "../mutations";
import type { Cases, Violation } from "./case";

const service = { type: types.service, name: "chatpop-backend-service" };
const cache = { type: types.cache };
const everything = { scale: "large", config: everythingOn } as const;

type Row = readonly [
  what: string,
  policy: string,
  blames: string,
  says: RegExp,
  mutation: Mutation,
  where?: Pick<Violation, "scale" | "config" | "also">,
];

const rows: readonly Row[] = [
  [
    "no alarm for a full database",
    "alarm-database-free-storage",
    `${types.database} chatpop-db`,
    /no alarm looks at its FreeStorageSpace/,
    remove({ type: types.alarm, name: "chatpop-test-database-free-storage" }),
  ],
  [
    "an alarm for fewer tasks than there ever are",
    "alarm-no-healthy-task",
    `${types.alarm} chatpop-test-no-healthy-task`,
    /the threshold 20000 of HealthyHostCount is not within 1 to 10000/,
    set({ type: types.alarm, name: "chatpop-test-no-healthy-task" }, "threshold", 20_000),
  ],
  [
    "two nodes of which none takes over",
    "cache-fails-over",
    `${types.cache} chatpop-redis`,
    /has 2 nodes, of which none takes over/,
    all(set(cache, "numCacheClusters", 2), set(cache, "automaticFailoverEnabled", false)),
  ],
  [
    "a runtime that AWS no longer mends",
    "function-runtime-supported",
    `${types.function} chatpop-release`,
    /runs in nodejs16\.x/,
    set({ type: types.function, name: "chatpop-release" }, "runtime", "nodejs16.x"),
  ],
  [
    "a certificate for a domain that is misspelt",
    "certificate-covers-domain",
    "aws:route53/record:Record chatpop-domain",
    /leads chat\.example\.com to a certificate for chatt\.example\.com/,
    set({ type: types.certificate }, "domainName", "chatt.example.com"),
    everything,
  ],
  [
    "a budget that tells nobody",
    "budget-tells",
    `${types.budget} chatpop`,
    /tells nobody/,
    set({ type: types.budget }, "notifications", []),
    everything,
  ],
  [
    "a firewall before nothing",
    "web-firewall-guards",
    `${types.webAcl} chatpop-firewall`,
    /stands before nothing/,
    remove({ type: types.webAclAssociation }),
    everything,
  ],
  [
    "a password that is written by hand",
    "secrets-drawn",
    `${types.database} chatpop-db`,
    /is written into the program \(password\)/,
    write({ type: types.database, name: "chatpop-db" }, "password", "chatpop-Prod-2024"),
  ],
  [
    "a port on which nothing listens",
    "service-names-its-container",
    `${types.service} chatpop-backend-service`,
    /sends requests to port 8000, on which the container chatpop-backend does not listen/,
    toPort(8000),
    { scale: "medium", also: ["load-balancer-reaches-tasks"] },
  ],
  [
    "tasks that let no load balancer in",
    "load-balancer-reaches-tasks",
    `${types.service} chatpop-backend-service`,
    /chatpop-tasks lets nothing of chatpop-alb in on port 9000/,
    remove({ type: types.ingressRule, name: "chatpop-alb-to-tasks" }),
  ],
  [
    "a cache that lets no task in",
    "tasks-reach-data",
    `${types.cache} chatpop-redis`,
    /chatpop-redis lets nothing of chatpop-tasks in on port 6379/,
    remove({ type: types.ingressRule, name: "chatpop-tasks-to-redis" }),
  ],
  [
    "tasks that let nothing out to the database",
    "tasks-reach-data",
    `${types.database} chatpop-db`,
    /chatpop-tasks lets nothing out on port 3306/,
    set({ type: types.database, name: "chatpop-db" }, "port", 3306),
  ],
  [
    "public addresses where nobody reaches them",
    "tasks-without-public-address",
    `${types.service} chatpop-backend-service`,
    /its tasks have public addresses in chatpop-private-1/,
    merge(service, "networkConfiguration", { assignPublicIp: true }),
  ],
];

function toPort(containerPort: number): Mutation {
  return edited(service, (inputs) => ({
    ...inputs,
    loadBalancers: (inputs["loadBalancers"] as readonly object[]).map((each) => ({ ...each, containerPort })),
  }));
}

/** Violations of the rules that came of edits by tired people. */
export const tired: Cases = {
  violations: rows.map(([what, policy, blames, says, mutation, where = { scale: "medium" }]) => ({
    ...{ what, policy, blames, says, mutation },
    ...where,
  })),
  allowances: [{ what: "tasks with public addresses in public subnets", scale: "small" }],
};
