/** A container of a task definition, as far as rules read it. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[] | null;
  readonly stopTimeout?: number;
  readonly portMappings?: readonly unknown[] | null;
  readonly environment?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[] | null;
  readonly ulimits?: readonly { readonly name: string; readonly softLimit: number }[] | null;
}

type Properties = Readonly<Record<string, unknown>>;

/** Reads JSON text; what AWS would refuse as such is no business of the rules. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The containers of a task definition. Their whole text is unknown as soon as one value in it is. */
export function containers(properties: Properties): readonly Container[] {
  const list = parsed(properties["containerDefinitions"] as string);
  return Array.isArray(list) ? (list as readonly Container[]) : [];
}

/** Containers that clients connect to. */
export const servers = (properties: Properties): readonly Container[] =>
  containers(properties).filter(({ portMappings }) => (portMappings ?? []).length > 0);

/** The values that containers give a variable. */
export const valuesOfVariable = (properties: Properties, variable: string): readonly string[] =>
  containers(properties).flatMap(({ environment }) =>
    (environment ?? []).filter(({ name }) => name === variable).map(({ value }) => value),
  );
