import { types } from "../../../aws/types";
import type { Wire } from "../../recording/wire";
import { add, edited, merge, type Mutation, set } from "../mutations";
import type { Cases } from "./case";

const parameter = (name: string, value: string): Mutation =>
  edited({ type: types.cacheParameterGroup }, (inputs) => ({
    ...inputs,
    parameters: [...(inputs["parameters"] as readonly Wire[]), { name, value }],
  }));

const many: Mutation = edited(
  { type: types.schedule },
  (inputs) => JSON.parse(JSON.stringify(inputs).replace('"taskCount":1', '"taskCount":10')) as typeof inputs,
);

const cors = [{ allowedMethods: ["GET", "PUT"], allowedOrigins: ["*"] }];

/** Violations of the rules that came of edits in a hurry. */
export const hurried: Cases = {
  violations: (
    [
      [
        "requests that two servers read differently",
        "headers-checked",
        `${types.loadBalancer} chatpop-alb`,
        /lets smuggled requests through/,
        set({ type: types.loadBalancer }, "desyncMitigationMode", "monitor"),
      ],
      [
        "a service whose deployments no alarm stops",
        "deployment-watched",
        `${types.service} chatpop-backend-service`,
        /a release whose requests fail stays/,
        set({ type: types.service, name: "chatpop-backend-service" }, "alarms", undefined),
      ],
      [
        "a revision that goes with its successor",
        "revisions-stay",
        `${types.taskDefinition} chatpop-backend`,
        /goes with its successor/,
        set({ type: types.taskDefinition, name: "chatpop-backend" }, "skipDestroy", false),
      ],
      [
        "a clean-up by ten tasks at once",
        "schedule-runs-once",
        `${types.schedule} chatpop-schedule-cleanup-expired-photos`,
        /runs 10 times at once/,
        many,
      ],
      [
        "a proxy with a twentieth of the connections",
        "proxy-pool",
        `${types.proxyTargets} chatpop-proxy`,
        /may use 5 % of the database's connections, not 50 to 95 %/,
        merge({ type: types.proxyTargets }, "connectionPoolConfig", { maxConnectionsPercent: 5 }),
      ],
      [
        "a cache that AWS upgrades when it likes",
        "cache-version",
        `${types.cache} chatpop-redis`,
        /AWS chooses when an upgrade empties the channel layer/,
        set({ type: types.cache }, "autoMinorVersionUpgrade", true),
      ],
      [
        "a cache that cuts slow readers off",
        "cache-buffers",
        `${types.cacheParameterGroup} chatpop-redis`,
        /pubsub-hard-limit 65536 cuts a server off that reads slowly/,
        parameter("client-output-buffer-limit-pubsub-hard-limit", "65536"),
      ],
      [
        "tasks that reach everything",
        "tasks-leave-by-https",
        `${types.egressRule} everything`,
        /lets chatpop-tasks reach the internet on more than port 443/,
        add(
          types.egressRule,
          "everything",
          { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
          { securityGroupId: [`${types.securityGroup} chatpop-tasks`] },
        ),
      ],
      [
        "media that scripts of every site write",
        "bucket-cors-named",
        `${types.bucketCors} chatpop-media`,
        /scripts of every site may write into it \(PUT\)/,
        set({ type: types.bucketCors }, "corsRules", cors),
      ],
      [
        "a key that keeps its material",
        "keys-rotate",
        `${types.key} chatpop-alerts`,
        /keeps its material for ever/,
        set({ type: types.key }, "enableKeyRotation", undefined),
      ],
    ] as const
  ).map(([what, policy, blames, says, mutation]) => ({
    ...{ what, policy, blames, says, mutation },
    scale: "medium" as const,
  })),
  allowances: [
    {
      what: "bigger buffers for slow readers",
      scale: "small",
      mutation: parameter("client-output-buffer-limit-pubsub-hard-limit", "67108864"),
    },
    {
      what: "media that scripts of every site read",
      scale: "small",
      mutation: set({ type: types.bucketCors }, "corsRules", [
        { allowedMethods: ["GET", "HEAD"], allowedOrigins: ["*"] },
      ]),
    },
  ],
};
