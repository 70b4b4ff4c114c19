import { getStack } from "@pulumi/pulumi";
import { typed } from "./remedies";

/**
 * A message whose commands name this stack. An offline run gives its own command, in place of `pulumi`, in the
 * environment.
 */
export function inThisStack(message: string): string {
  return typed(message, getStack(), process.env["CHATPOP_COMMAND"]);
}
