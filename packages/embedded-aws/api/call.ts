// A call of the AWS API: who makes it, and whether that is allowed.
import type { Resource } from "../account";
import type { ConditionKeys } from "../models/conditions";
import { AwsError, type Context, type Properties } from "../models/model";
import { allows } from "../models/permission";

/** Who calls: a role that something took on. */
export interface Caller {
  readonly role: Resource;
  /** The name of the session; for a function its own name. */
  readonly session: string;
  readonly context: Context;
}

/** One operation of a service: takes what was sent, returns what is answered, or throws an `AwsError`. */
export type Operation = (input: Properties, caller: Caller) => unknown;

/** Operations of one service by name. */
export type Operations = Readonly<Record<string, Operation | undefined>>;

/** Refuses a call that the caller's role does not allow. `keys` is what conditions may ask about. */
export function authorize(caller: Caller, action: string, resource: string, keys: ConditionKeys = {}): void {
  const { role, session, context } = caller;
  if (allows(role, action, resource, context, { "aws:RequestedRegion": context.region, ...keys })) return;
  const roleName = role.id;
  throw new AwsError(
    "AccessDeniedException",
    `User: arn:aws:sts::${context.accountId}:assumed-role/${roleName}/${session} is not authorized to perform: ` +
      `${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}
