// A call of the AWS API: its caller, and the caller's permission.
import type { Resource } from "../account";
import type { ConditionKeys } from "../models/conditions";
import { AwsError, type Context, type Properties } from "../models/model";
import { allows } from "../models/permission";

/** The caller: an assumed role, or an administrator. */
export interface Caller {
  /** @default an administrator, who may do everything */
  readonly role?: Resource | undefined;
  /** Name of the session; a function's session has the function's name. */
  readonly session: string;
  readonly context: Context;
}

/** One operation of a service: takes the request, returns the answer, or throws an `AwsError`. */
export type Operation = (input: Properties, caller: Caller) => unknown;

/** Operations of one service by name. */
export type Operations = Readonly<Record<string, Operation | undefined>>;

/** The caller's ARN. */
export function arnOf({ role, session, context: { accountId } }: Caller): string {
  return role
    ? `arn:aws:sts::${accountId}:assumed-role/${role.id}/${session}`
    : `arn:aws:iam::${accountId}:user/offline`;
}

/** Refuses a call that the caller's role does not allow. `keys` are the condition keys of the call. */
export function authorize(caller: Caller, action: string, resource: string, keys: ConditionKeys = {}): void {
  const { role, context } = caller;
  if (!role) return;
  if (allows(role, action, resource, context, { "aws:RequestedRegion": context.region, ...keys })) return;
  throw new AwsError(
    "AccessDeniedException",
    `User: ${arnOf(caller)} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no identity-based policy allows the ${action} action`,
  );
}
