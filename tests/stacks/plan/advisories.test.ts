import { expect } from "chai";
import { connectionsAt } from "../../../stacks/capacity";
import { makePlan } from "../../../stacks/plan";
import type { Settings } from "../../../stacks/settings";

const https = {
  domain: "chat.example.com",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
};
const advice = (settings: Settings) => makePlan(settings).advisories;

/** Connections that a task of medium carries with their messages. */
const { demand, capacity } = makePlan({ scale: "medium" });
const carried = connectionsAt(100, demand, capacity);

/** One row an advisory: settings that call for it, and settings that do not. */
const rows: readonly (readonly [string, RegExp, Settings, Settings])[] = [
  [
    "plain HTTP (G-51, GAP-14)",
    /^No domain: .*secure cookies.*pulumi config set chatpop:domain chat\.example\.com$/,
    { scale: "small" },
    { scale: "small", ...https },
  ],
  [
    "a stack that is sized below its scale",
    /^chatpop:rooms is 1, the size of small: .* sized for it\. .* pulumi config rm chatpop:rooms$/,
    { scale: "medium", rooms: 1 },
    { scale: "medium", rooms: 1_000 },
  ],
  [
    "a proxy that was turned off (G-6)",
    /^chatpop:databaseProxy is false although 1,000 rooms with up to 6 tasks need it \(from 1,000 rooms, or 10 tasks\)/,
    { scale: "medium", databaseProxy: false },
    { scale: "small", databaseProxy: false },
  ],
  [
    "a replica that was turned off (G-7)",
    /^chatpop:readReplicas is 0 although 5,000 rooms need one/,
    { scale: "large", readReplicas: 0 },
    { scale: "medium", readReplicas: 0 },
  ],
  [
    "an outbox that was turned off (G-171)",
    /^chatpop:outbox is false although 5,000 rooms need it/,
    { scale: "large", outbox: false },
    { scale: "medium", outbox: false },
  ],
  [
    "a snapshot that a running database does not take",
    /^chatpop:snapshotIdentifier \(before\) counts only while the database is created/,
    { scale: "small", snapshotIdentifier: "before" },
    { scale: "small" },
  ],
  [
    "too few tasks for the load (GAP-11)",
    /^At most 6 tasks for 20,000 connections and 600 messages a second: a task of 512 CPU units with \w+ was measured to carry [\d,]+ connections.* needs [78]\. Set it with: pulumi config set chatpop:maxTasks 1\d$/,
    { scale: "medium", messagesPerSecond: 600 },
    { scale: "medium", messagesPerSecond: 600, maxTasks: 20 },
  ],
  [
    "tasks that would be overloaded before others join them (GAP-11)",
    /^chatpop:connectionsPerTask is [\d,]+, but a task of this size was measured to carry [\d,]+ connections/,
    { scale: "medium", connectionsPerTask: carried + 1 },
    { scale: "medium", connectionsPerTask: carried },
  ],
  [
    "more than Redis can carry (GAP-39)",
    /^Full load needs 1\d\d % of Redis/,
    { scale: "large", messagesPerSecond: 5_000, cacheShards: 1 },
    { scale: "large", messagesPerSecond: 5_000 },
  ],
  [
    "fewer caches than the messages need (GAP-39)",
    /^Full load needs 1\d\d % of Redis's one command thread in each of 2 caches .* pulumi config rm chatpop:cacheShards$/,
    { scale: "large", messagesPerSecond: 10_000, cacheShards: 2 },
    { scale: "large", messagesPerSecond: 10_000, cacheShards: 3 },
  ],
  [
    "more than all caches of a stack can carry (GAP-39)",
    /^Full load needs \d{3} % of Redis's one command thread in each of 20 caches .* pulumi config set chatpop:messagesPerSecond \d+$/,
    { scale: "large", messagesPerSecond: 200_000 },
    { scale: "large", messagesPerSecond: 50_000 },
  ],
  [
    "data that nothing protects",
    /^Nothing keeps pulumi destroy, .*a last snapshot and the automated backups would be left\. .* pulumi config set chatpop:deletionProtection true$/,
    { scale: "small" },
    { scale: "small", deletionProtection: true },
  ],
  [
    "releases that nobody tries out",
    /^No smoke test ends a release: .* chatpop:allowedCidrs/,
    { scale: "small", allowedCidrs: ["10.0.0.0/8"] },
    { scale: "small" },
  ],
  [
    "a stack whose data go with it",
    /^chatpop:disposable is true: .* pulumi config rm chatpop:disposable$/,
    { scale: "small", disposable: true },
    { scale: "small" },
  ],
  [
    "a zone that takes a large chat with it",
    /^One zone, database or cache node that fails takes 20,000 connections with it .* pulumi config set chatpop:availability high$/,
    { scale: "medium" },
    { scale: "medium", availability: "high" },
  ],
  [
    "alarms that nobody hears",
    /^Alarms reach nobody without chatpop:alarmEmail or chatpop:alarmWebhook\. .* pulumi config set chatpop:alarmEmail/,
    { scale: "small" },
    { scale: "small", alarmWebhook: "https://example.com/sns" },
  ],
  [
    "an alarm that was turned off",
    /^The alarm cache-swap is turned off \(seen, harmless\)\. .* pulumi config set chatpop:alarms '\{\}'$/,
    { scale: "small", alarms: { "cache-swap": { enabled: false, reason: "seen, harmless" } } },
    { scale: "small", alarms: { "cache-swap": { threshold: 1e8 } } },
  ],
];

describe("advisories", () => {
  for (const [what, sentence, called, uncalled] of rows) {
    it(`warn of ${what}, and only then`, () => {
      expect(advice(called).filter((each) => sentence.test(each))).to.have.length(1);
      expect(advice(uncalled).filter((each) => sentence.test(each))).to.have.length(0);
    });
  }

  it("are silent when there is nothing to say", () => {
    expect(
      advice({ scale: "small", ...https, alarmEmail: "on-call@example.com", deletionProtection: true }),
    ).to.deep.equal([]);
  });
});
