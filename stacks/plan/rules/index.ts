import { alarmRules } from "./alarms";
import { complete, type CompleteSettings } from "../complete";
import { mostTasks } from "../sizes";
import { leastMaxStorage } from "../../../aws/databaseStorage";
import { domainIn, zoneHolds, zoneOf } from "../domain";
import { environmentRules } from "./environment";
import { fargateOffers, leastMemory, memoryFor } from "../../../aws/fargate";
import { mediaRules } from "./media";
import { commandsIn, set } from "../../settings/remedies";
import type { Rule } from "./rule";
import { scalingRules } from "./scaling";
import { type ReadSettings, type SettingKey, type Settings, withText } from "../../settings";
import { windowRules } from "./windows";
import { workerRules } from "./workers";

const value = (settings: CompleteSettings, key: SettingKey) => `chatpop:${key} (${String(settings[key])})`;

const rules: readonly Rule[] = [
  (s) =>
    s.minTasks <= s.desiredTasks && s.desiredTasks <= s.maxTasks
      ? undefined
      : `${value(s, "minTasks")} ≤ ${value(s, "desiredTasks")} ≤ ${value(s, "maxTasks")} must hold. ` +
        `Change one of them, for instance: ${set(s.desiredTasks > s.maxTasks ? "maxTasks" : "minTasks", s.desiredTasks)}`,

  (s) =>
    s.maxTasks <= mostTasks
      ? undefined
      : `${value(s, "maxTasks")} is more than the ${mostTasks} tasks that one ECS service runs. Lower chatpop:rooms or ` +
        `chatpop:usersPerRoom, or set it with: ${set("maxTasks", mostTasks)}`,

  (s) =>
    fargateOffers(s.taskCpu, s.taskMemory)
      ? undefined
      : `${value(s, "taskMemory")} does not go with ${value(s, "taskCpu")}. Allowed: ${memoryFor(s.taskCpu)}. ` +
        `Set it with: ${set("taskMemory", leastMemory(s.taskCpu))}`,

  ...(["certificateArn", "hostedZone"] as const).map((key): Rule => {
    return (s) =>
      s[key] === undefined || s.domain !== undefined
        ? undefined
        : `${value(s, key)} needs chatpop:domain, the host name that it is for. ` +
          `Set it with: ${set("domain", domainIn(s.hostedZone))}`;
  }),

  (s) =>
    s.frontendOrigins.length === 0 || s.domain !== undefined
      ? undefined
      : `chatpop:frontendOrigins (${s.frontendOrigins.join(", ")}) needs chatpop:domain: a browser lets no https page call the ` +
        `chat over plain HTTP. Set it with: ${set("domain", domainIn(s.hostedZone))}`,

  (s) =>
    s.domain === undefined || s.hostedZone === undefined || zoneHolds(s.hostedZone, s.domain)
      ? undefined
      : `${value(s, "domain")} does not lie in ${value(s, "hostedZone")}. ` +
        `Set it with: ${set("hostedZone", zoneOf(s.domain))}`,

  (s) =>
    s.databaseMaxStorage >= leastMaxStorage(s.databaseStorage)
      ? undefined
      : `${value(s, "databaseMaxStorage")} must be at least 10 % above ${value(s, "databaseStorage")}. ` +
        `Set it with: ${set("databaseMaxStorage", leastMaxStorage(s.databaseStorage))}`,

  // RDS makes a replica from the source's backups.
  (s) =>
    s.readReplicas === 0 || s.databaseBackupDays > 0
      ? undefined
      : `${value(s, "readReplicas")} need backups, but ${value(s, "databaseBackupDays")} turns them off. ` +
        `Set it with: ${set("databaseBackupDays", 7)}`,

  // RDS demands minor upgrades of replicas before their source, but Pulumi updates the source first.
  (s) =>
    s.readReplicas === 0 || !s.databaseVersion.includes(".")
      ? undefined
      : `${value(s, "databaseVersion")} names a minor version, which RDS upgrades only after that of every replica, but ` +
        `there are ${value(s, "readReplicas")}. Leave minor versions to RDS with: ` +
        set("databaseVersion", s.databaseVersion.split(".")[0]),

  (s) =>
    s.disposable && s.deletionProtection
      ? `${value(s, "disposable")} lets everything go that ${value(s, "deletionProtection")} keeps. ` +
        `Set it with: ${set("deletionProtection", false)}`
      : undefined,

  (s) =>
    s.backupCopyRegion === undefined || s.databaseBackupDays > 0
      ? undefined
      : `${value(s, "backupCopyRegion")} keeps copies as long as ${value(s, "databaseBackupDays")} says. ` +
        `Set it with: ${set("databaseBackupDays", 7)}`,

  ...windowRules,
  ...environmentRules,
  ...mediaRules,
  ...scalingRules,
  ...workerRules,
  ...alarmRules,
];

/** The first rule that does not hold. */
function firstOf(s: CompleteSettings): string | undefined {
  for (const rule of rules) {
    const complaint = rule(s);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

/** Bound on the loop below, above any possible number of complaints. */
const most = 200;

/**
 * Checks settings against each other. Each rule sees the settings after the remedies of the complaints before it: all
 * commands of the message, typed one after the other, leave no complaint.
 */
export function contradictions(settings: Settings): readonly string[] {
  const complaints: string[] = [];
  let mended = settings;
  for (let s = complete(mended); complaints.length < most; s = complete(mended)) {
    const complaint = firstOf(s);
    if (complaint === undefined) break;
    complaints.push(complaint);
    mended = commandsIn(complaint).reduce((before, [key, text]) => withText(before, key, text), mended);
  }
  return complaints;
}

/** Defaults of other settings follow these: with a wrong one, nobody knows yet what contradicts what. */
const decidesOthers: readonly SettingKey[] = [
  "scale",
  "rooms",
  "usersPerRoom",
  "messagesPerSecond",
  "sizing",
  "availability",
  "server",
];

/** Complaints on settings as they were read: on wrong values, and on contradictions of the right ones. */
export function complaintsOn({ settings, wrong, complaints }: ReadSettings): readonly string[] {
  if (!settings || wrong.some((key) => decidesOthers.includes(key))) return complaints;
  const concernsWrong = (text: string) =>
    [...text.matchAll(/\bchatpop:(\w+)/g)].some(([, key]) => (wrong as readonly string[]).includes(key!));
  return [...complaints, ...contradictions(settings).filter((text) => !concernsWrong(text))];
}
