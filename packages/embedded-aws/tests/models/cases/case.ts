// A single resource, and AWS's verdict by its own documentation.
import type { Properties } from "../../../models/model";
import type { World } from "../world";

/** One resource in an account that has what it refers to. */
export interface Case {
  /** `ec2/vpc` of `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: (world: World) => Properties;
  readonly accepted: boolean;
  /** The page of AWS's documentation that says so. */
  readonly source: string;
}

type Inputs = Properties | ((world: World) => Properties);
type Row = readonly [name: string, inputs: Inputs];

/** Cases of one type by one page, each as a change of inputs that AWS accepts. */
export function cases(
  type: string,
  page: string,
  base: Inputs,
  rows: { readonly accepts?: readonly Row[]; readonly refuses?: readonly Row[] },
): readonly Case[] {
  const source = `https://docs.aws.amazon.com/${page}`;
  const of =
    (accepted: boolean) =>
    ([name, change]: Row): Case => ({
      ...{ type, name, accepted, source },
      inputs: (world) => ({ ...valueOf(base, world), ...valueOf(change, world) }),
    });
  return [...(rows.accepts ?? []).map(of(true)), ...(rows.refuses ?? []).map(of(false))];
}

const valueOf = (inputs: Inputs, world: World) => (typeof inputs === "function" ? inputs(world) : inputs);
