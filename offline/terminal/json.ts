// Result of a command as JSON, for programs: JSON=yes.
import { named } from "./events";
import type { Operations, RuleResult } from "./operation";
import type { Command } from "./text";

/** The result of a command as plain data. */
export function asData(operations: Operations, { verb, stack }: Command, code: number): object {
  const { last, warnings } = operations;
  const rules = (last?.said ?? []).flatMap((text) => rulesIn(text));
  return {
    command: verb,
    stack,
    succeeded: code === 0,
    seconds: operations.all.reduce((sum, { seconds }) => sum + seconds, 0),
    changes: Object.fromEntries(last?.countedChanges ?? []),
    resources: (last?.changes ?? []).map(({ op, urn, diffs, losesData }) => ({
      ...{ op, ...named(urn), diffs },
      ...(losesData && { losesData }),
    })),
    judged: last?.judged ?? false,
    rules,
    violations: (last?.violations ?? []).map(({ policyName, enforcementLevel, message, resourceUrn }) => ({
      rule: policyName,
      level: enforcementLevel,
      ...(resourceUrn && { resource: named(resourceUrn).name }),
      message: message.trim(),
    })),
    warnings,
    errors: [...(last?.errors ?? [])],
    outputs: last?.outputs ?? {},
  };
}

/** The results that the pack prints with CHATPOP_RULES=json; nothing for another text. */
function rulesIn(text: string): readonly RuleResult[] {
  if (!text.startsWith("[{")) return [];
  return JSON.parse(text) as readonly RuleResult[];
}
