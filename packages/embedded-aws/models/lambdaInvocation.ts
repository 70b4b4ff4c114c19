// Invocations of a function during a deployment.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { z } from "zod";
import type { Resource } from "../account";
import type * as Lambda from "../lambda/invoke";
import { fn } from "./lambdaFunction";
import { AwsError, type Context, type Model, type Properties } from "./model";
import { json, regional } from "./schema";
import { unused } from "../states/machines";
import { inTime, phaseOf, requireState } from "../states/phases";

const load = createRequire(__filename);

const invocationInputs = regional({
  functionName: z.string(),
  input: json,
  lifecycleScope: z.enum(["CREATE_ONLY", "CRUD"]).optional(),
  qualifier: z
    .literal("$LATEST", { error: "functions have no versions or aliases here: leave qualifier out" })
    .optional(),
  terraformKey: z.string().min(1).optional(),
  triggers: z.record(z.string(), z.string()).optional(),
});
type InvocationInputs = z.infer<typeof invocationInputs>;
type Action = "create" | "update" | "delete";

/** The function's input; with scope CRUD it includes the action and the former input. */
function payloadOf(given: InvocationInputs, action: Action, previous?: Properties): string {
  if (given.lifecycleScope !== "CRUD") return given.input;
  const before = previous === undefined ? {} : { prev_input: JSON.parse(String(previous.input)) as unknown };
  const note = { action, ...before };
  return JSON.stringify({ ...(JSON.parse(given.input) as object), [given.terraformKey ?? "tf"]: note });
}

function functionOf(given: InvocationInputs, { account }: Context): Resource {
  const property = given.functionName.startsWith("arn:") ? "arn" : "name";
  const found = account.find(fn.type, property, given.functionName);
  if (found) return found;
  throw new AwsError("ResourceNotFoundException", `Function not found: ${given.functionName}`);
}

/**
 * Refuses the first call after weeks without one: Lambda has made the function inactive. The call activates it for
 * calls a minute later.
 */
function requireAwake(called: Resource, { clock, mark }: Context): void {
  const state = phaseOf(called, clock.now())?.state;
  if (state === "Inactive") {
    mark?.(called, inTime([{ state: "Pending", minutes: 1 }, ...unused], clock.now()));
    throw new AwsError(
      "CodeArtifactUserPendingException",
      "Lambda is initializing your function. It will be ready to invoke shortly.",
    );
  }
  requireState(called, "Invoke", clock.now());
  mark?.(called, inTime(unused, clock.now()));
}

async function invoke(
  given: InvocationInputs,
  action: Action,
  context: Context,
  previous?: Properties,
): Promise<string> {
  // Loaded on demand, so that the plugin starts faster; few programs need it.
  const lambda = load("../lambda/invoke") as typeof Lambda;
  const called = functionOf(given, context);
  requireAwake(called, context);
  const answer = await lambda.invoke(called, payloadOf(given, action, previous), context);
  if ("payload" in answer) return answer.payload;
  throw new Error(
    `Lambda function (${given.functionName}) returned error: (${JSON.stringify(answer.error)})`,
  );
}

const isCrud = ({ lifecycleScope }: Properties) => lifecycleScope === "CRUD";

/** The `aws:lambda/invocation:Invocation` model. */
export const invocation: Model = {
  type: "aws:lambda/invocation:Invocation",
  title: "Lambda Invocation",
  inputs: invocationInputs,
  defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST", terraformKey: "tf" },
  sensitive: ["input"],
  computed: ["result"],
  // Random digits at the end, because a replacement with the same input exists beside the old one.
  identify: (given: InvocationInputs, { hex }) =>
    `${given.functionName}_${given.qualifier}_${createHash("md5").update(given.input).digest("hex")}_${hex(8)}`,
  describe: (_given, _id, _context, previous) => ({ result: previous?.outputs.result ?? "" }),
  beforeCreate: (given: InvocationInputs, context) => void functionOf(given, context),
  async start({ inputs }, context, previous) {
    const given = inputs as InvocationInputs;
    if (previous && !isCrud(given)) return undefined;
    return { result: await invoke(given, previous ? "update" : "create", context, previous?.inputs) };
  },
  async stop({ inputs }, context) {
    if (isCrud(inputs)) await invoke(inputs as InvocationInputs, "delete", context, inputs);
  },
  replaces: { input: (_before, after) => !isCrud(after) },
};
