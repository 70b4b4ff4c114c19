// Staging and production from one program: what they share, and where they differ, is code.
import * as pulumi from "@pulumi/pulumi";
import { makeChat } from "chatpop-on-aws/components/chat";
import { makePlan } from "chatpop-on-aws/stacks/plan";
import { summary } from "chatpop-on-aws/stacks/plan/summary";

type Settings = Parameters<typeof makePlan>[0];

const shared = { databaseVersion: "15", logRetentionDays: 30, image: ":initial" } as const;

const stacks: Readonly<Record<string, Settings>> = {
  // One task (G-181), and nothing that would have to be kept.
  staging: { ...shared, scale: "small", desiredTasks: 1, disposable: true },
  production: { ...shared, scale: "medium", rooms: 1_500, usersPerRoom: 20 },
};

const stack = pulumi.getStack();
const settings = stacks[stack];
if (!settings) {
  throw new pulumi.RunError(
    `There is no stack "${stack}" in index.ts, only ${Object.keys(stacks).join(", ")}.`,
  );
}

const planInForce = makePlan(settings, stack);
const { loadBalancer, dashboard } = makeChat("chatpop", planInForce);

export const plan = summary(planInForce);
export const url = loadBalancer.url;
export const dashboardUrl = dashboard.url;
