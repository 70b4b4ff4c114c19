// Conditions of policy statements, for the condition keys that calls of the embedded AWS have.

/** Facts of a call, by condition key: `ecs:cluster`, `iam:PassedToService`. */
export type ConditionKeys = Readonly<Record<string, string>>;

type Test = (pattern: string, value: string) => boolean;

const tests: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringNotEquals: (wanted, value) => wanted !== value,
  StringLike: matches,
  ArnEquals: matches,
  ArnLike: matches,
};

/**
 * Whether all conditions hold. Unknown operators count as satisfied; a condition on a key that the request lacks fails.
 */
export function conditionsHold(condition: unknown, keys: ConditionKeys): boolean {
  return Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).every(
    ([operator, wanted]) => {
      const lenient = operator.endsWith("IfExists");
      const test = tests[operator.replace(/IfExists$/, "")];
      return Object.entries(wanted).every(([key, patterns]) => {
        const value = valueOf(key, keys);
        if (test === undefined) return true;
        if (value === undefined) return lenient;
        return [patterns].flat().some((pattern) => test(String(pattern), value));
      });
    },
  );
}

/** Whether text matches a policy's pattern with `*` and `?`. */
export function matches(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "s").test(value);
}

/** The value of a condition key; the case of its name does not matter. */
function valueOf(key: string, keys: ConditionKeys): string | undefined {
  return Object.entries(keys).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}
