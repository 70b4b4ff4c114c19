// Permissions that calls demand of their callers, as data. Every creation and change also demands `read`, because the
// provider reads the result. Sources: AWS's Service Authorization Reference, the permissions of CloudFormation's
// handlers, the provider's calls; nothing is taken from the program that is judged.

import { compute } from "./compute";
import { data } from "./data";
import { identity } from "./identity";
import { network } from "./network";
import { operations } from "./operations";
import { others } from "./others";

/**
 * One demand: `<action>` on the resource itself, or `<action> <where>`: `*` any resource · `=<arn>` that ARN
 * (`{region}`, `{account}` and `{<input>}` are filled in) · `@<path>` the ARNs in that input. `-> <service>` names the
 * service that receives a role. `if <input>` makes the demand only for a given input.
 */
export type Need = string;

/** The demands of one type. */
export interface Needs {
  readonly create?: readonly Need[];
  readonly read?: readonly Need[];
  readonly update?: readonly Need[];
  readonly delete?: readonly Need[];
  /** The ARN of the resource itself, where it has no output of that name. */
  readonly arn?: string;
}

export type NeedsByType = Readonly<Record<string, Needs>>;

const all: NeedsByType = { ...network, ...identity, ...compute, ...data, ...operations, ...others };

/** Needs by type token. */
export const needsOf = (type: string): Needs | undefined => all[type];

/** Actions that the program's invokes demand. */
export const questions: Readonly<Record<string, readonly Need[]>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": ["ec2:DescribeAvailabilityZones *"],
  "aws:route53/getZone:getZone": [
    "route53:ListHostedZones * if name",
    "route53:GetHostedZone =arn:aws:route53:::hostedzone/{zoneId} if zoneId",
  ],
};
