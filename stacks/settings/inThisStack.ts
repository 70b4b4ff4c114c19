import { getStack } from "@pulumi/pulumi";
import { typed } from "./remedies";

/** A message with its commands as the operator of this stack types them; an offline run says how by its environment. */
export function inThisStack(message: string): string {
  return typed(message, getStack(), process.env["CHATPOP_COMMAND"]);
}
