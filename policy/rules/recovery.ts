import { overlap } from "../../stacks/windows";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import { has } from "../stack";
import { types } from "../types";
import { given } from "../values";

export const databaseWindows = resourceRule(
  {
    name: "database-windows",
    type: types.database,
    description: "Somebody chose when the database is backed up and maintained, and the two do not meet",
    severity: "low",
    requirements: ["G-42", "GAP-42"],
    remedy:
      "chatpop:databaseBackupWindow, chatpop:databaseMaintenanceWindow (backupWindow, maintenanceWindow, in UTC)",
  },
  [
    (properties) => !given(properties, "maintenanceWindow") && "AWS chooses when it restarts the database",
    (properties) => {
      if (given(properties, "replicateSourceDb")) return undefined;
      if (!given(properties, "backupWindow")) return "AWS chooses when it backs the database up";
      const [backup, maintenance] = [properties["backupWindow"], properties["maintenanceWindow"]] as string[];
      return (
        backup &&
        maintenance &&
        overlap(backup, maintenance) &&
        `the windows ${backup} and ${maintenance} overlap`
      );
    },
  ],
);

interface PlanRule {
  readonly ruleName: string;
  readonly copyActions?: readonly { readonly lifecycle?: { readonly deleteAfter?: number } }[];
}

export const backupCopies = stackRule(
  {
    name: "backup-copies-elsewhere",
    description: "Copies of backups lie in another region, for a week or longer",
    severity: "medium",
    requirements: ["GAP-42"],
    remedy: "chatpop:backupCopyRegion (a Vault with region, copyActions with lifecycle.deleteAfter)",
    settings: { days: number(7, "Least days that copies are kept.") },
  },
  function* (stack, { days }) {
    for (const plan of stack.ofType(types.backupPlan)) {
      const rules = () => plan.props["rules"] as readonly PlanRule[];
      yield* stack.judge(plan, () => {
        const vaults = stack.sources(plan, "rules", types.backupVault);
        const copies = rules().some((rule) => (rule.copyActions ?? []).length > 0);
        return (
          copies && !vaults.some((vault) => has(vault, "region")) && "copies into the stack's own region"
        );
      });
      yield* stack.judge(plan, () => {
        const kept = rules().flatMap(({ copyActions = [] }) =>
          // Without an end a copy stays for ever.
          copyActions.map(({ lifecycle }) => lifecycle?.deleteAfter ?? Infinity),
        );
        const short = kept.find((each) => each < days);
        return short !== undefined && `copies are kept for ${short} days, less than ${days}`;
      });
    }
  },
);
