import { endedRuntimes } from "../../aws/endedRuntimes";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import { types } from "../../aws/types";
import { asText, given } from "../values";

export const functionOutlastsItsJob = stackRule(
  {
    name: "function-outlasts-its-job",
    description: "A function that migrates or builds indexes has the time that the job takes",
    severity: "high",
    requirements: ["G-86", "GAP-43"],
    remedy:
      "timeout: 900, AWS's longest, with several invocations one after the other for longer jobs; no reservedConcurrentExecutions",
    settings: { shortest: number(600, "Least seconds of a function that the update invokes.") },
  },
  function* (stack, { shortest }) {
    const invoked = stack
      .ofType(types.invocation)
      .flatMap((invocation) => stack.references(invocation, "functionName", types.function, "name"));
    for (const each of new Set(invoked)) {
      yield* stack.judge(
        each,
        () =>
          each.props["reservedConcurrentExecutions"] === 0 &&
          "never runs: none of the account's executions are its own (reservedConcurrentExecutions 0)",
      );
      yield* stack.judge(each, () => {
        const seconds = (each.props["timeout"] as number | undefined) ?? 3;
        return (
          seconds < shortest && `ends after ${seconds} s, in the middle of its job (less than ${shortest} s)`
        );
      });
    }
  },
);

export const functionRuntimeSupported = resourceRule(
  {
    name: "function-runtime-supported",
    type: types.function,
    description: "A function runs in a language version that AWS still mends, and still lets be updated",
    subject: "runtime",
    severity: "high",
    requirements: ["G-86", "GAP-43"],
    remedy: "a newer runtime of the same language: nodejs22.x, python3.13",
    publicChecks: ["CKV_AWS_363", "L1", "Lambda.2"],
  },
  [
    (properties) => {
      if (!given(properties, "runtime")) return undefined;
      const runtime = asText(properties["runtime"]);
      return (
        endedRuntimes.includes(runtime) &&
        `runs in ${runtime}, which AWS no longer mends and soon refuses to update`
      );
    },
  ],
);
