// The measured table of the effect of each argument's change; its $comment says how it was measured.
import table from "../data/replace-on-change.json";

/** The table's row of a type. */
export interface Row {
  readonly replace?: readonly string[];
  readonly inPlace?: readonly string[];
  readonly unmeasured?: readonly string[];
  readonly conditional?: Readonly<Record<string, string>>;
  readonly noDiff?: readonly string[];
  readonly removalIgnored?: readonly string[];
}

/** The row of a type; empty where nothing was measured. */
export function rowOf(type: string): Row {
  return (table as unknown as Record<string, Row>)[type] ?? {};
}

/** Whether the type has that argument in AWS. */
export function knows(type: string, argument: string): boolean {
  const { replace = [], inPlace = [], noDiff = [], unmeasured = [], conditional = {} } = rowOf(type);
  return [...replace, ...inPlace, ...noDiff, ...unmeasured, ...Object.keys(conditional)].includes(argument);
}
