// A short form for refusals in a schema's cross-field rules: argument and reason.
import type { z } from "zod";

/** Refuses `path` (`"password"`, `"stickiness.cookieName"`) with AWS's words. */
export function refusal(context: z.RefinementCtx) {
  return (path: string, message: string): void => {
    const steps = path.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    context.addIssue({ code: "custom", path: steps, message });
  };
}
