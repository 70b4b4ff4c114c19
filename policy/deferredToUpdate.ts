import type { StackValidationPolicy } from "@pulumi/policy";
import { takeDeferred } from "./deferral";
import type { ReportInFull } from "./rule";

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Says in one line what the rules could not know yet; so it comes after them. */
export const deferredToUpdate: StackValidationPolicy = {
  name: "deferred-to-update",
  description: "Tells how many checks wait for values that only the update will know",
  severity: "low",
  enforcementLevel: "advisory",
  validateStack: (_args, report) => {
    const deferred = takeDeferred();
    if (deferred.size === 0) return;
    const total = [...deferred.values()].reduce((sum, count) => sum + count, 0);
    const where = [...deferred]
      .sort()
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
    (report as unknown as ReportInFull)({
      message: `${many(total, "check")} deferred to update, which will know the values: ${where}.`,
    });
  },
};
