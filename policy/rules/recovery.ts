import { overlap } from "../../aws/windows";
import { change } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import { has } from "../stack";
import { types } from "../../aws/types";
import { asText, type Entries, type Finding, findingIn, given, inDays, type Properties } from "../values";

export const databaseWindows = resourceRule(
  {
    name: "database-windows",
    type: types.database,
    description: "Somebody chose when the database is backed up and maintained, and the two do not meet",
    subject: "backupWindow beside a maintenanceWindow",
    severity: "low",
    requirements: ["G-42", "GAP-42"],
    remedy: "backupWindow and maintenanceWindow, in UTC, one after the other",
  },
  [
    {
      of: "chatpop",
      judge: (properties) =>
        !given(properties, "maintenanceWindow") && "AWS chooses when it restarts the database",
    },
    {
      of: "chatpop",
      judge: (properties) =>
        !given(properties, "replicateSourceDb") &&
        !given(properties, "backupWindow") &&
        "AWS chooses when it backs the database up",
    },
    (properties) => {
      if (!["backupWindow", "maintenanceWindow"].every((window) => given(properties, window)))
        return undefined;
      if (given(properties, "replicateSourceDb")) return undefined;
      const [backup, maintenance] = [properties["backupWindow"], properties["maintenanceWindow"]].map(asText);
      return overlap(backup!, maintenance!) && `the windows ${backup} and ${maintenance} overlap`;
    },
  ],
);

interface PlanRule extends Properties {
  readonly copyActions?: Entries<{ readonly lifecycle?: { readonly deleteAfter?: number } }>;
}

/** Whether an expression of AWS comes every day, at whatever hour: `cron(0 13 * * ? *)`, `rate(12 hours)`. */
const isDaily = (schedule: string): boolean =>
  /^cron\(\S+ \S+ (\*|\?) \* (\*|\?) \*\)$|^rate\((\d+ (minutes?|hours?)|1 day)\)$/.test(schedule.trim());

export const backupCopies = stackRule(
  {
    name: "backup-copies-elsewhere",
    description: "Every day a copy of the database's backup goes to another region, for a week or longer",
    severity: "medium",
    requirements: ["GAP-42"],
    remedy:
      "an aws.backup.Vault with another region, a daily rule whose copyActions have lifecycle.deleteAfter, and an aws.backup.Selection",
    mends: [change("databaseBackupDays", (_text, { days }) => days)],
    settings: { days: number(7, "Least days that copies are kept.") },
  },
  function* (stack, { days }) {
    for (const plan of stack.ofType(types.backupPlan)) {
      const inRules = (judge: (rule: PlanRule) => Finding) =>
        findingIn(plan.props["rules"] as Entries<PlanRule>, judge);
      yield* stack.judge(plan, () => {
        const vaults = stack.sources(plan, "rules", types.backupVault);
        const elsewhere = vaults.some((vault) => has(vault, "region"));
        return inRules(
          (rule) => !elsewhere && given(rule, "copyActions") && "copies into the stack's own region",
        );
      });
      yield* stack.judge(plan, () =>
        inRules((rule) => !given(rule, "copyActions") && "copies nothing elsewhere (copyActions)"),
      );
      yield* stack.judge(plan, () =>
        inRules(
          ({ schedule }) =>
            schedule !== undefined &&
            !isDaily(asText(schedule)) &&
            `copies more seldom than every day (${asText(schedule)})`,
        ),
      );
      const selections = stack.madeOf(plan, types.backupSelection, "planId");
      yield* stack.judge(plan, () => selections.length === 0 && "backs nothing up: no selection names it");
      yield* stack.judge(plan, () =>
        inRules(({ copyActions }) =>
          findingIn(copyActions, ({ lifecycle }) => {
            // Without an end a copy stays for ever.
            const kept = lifecycle?.deleteAfter ?? Infinity;
            return kept < days && `copies are kept for ${inDays(kept)}, less than ${days}`;
          }),
        ),
      );
    }
  },
);
