// Paths into properties, as Pulumi writes them: `auths[0].secretArn`, `tags["a.b"]`.

export type Path = readonly (string | number)[];

/** The values at a path in which `*` steps through a list or a map: `auths.*.secretArn`. Absent values are left out. */
export function valuesAt(root: unknown, pattern: string): { path: Path; value: unknown }[] {
  return pattern.split(".").reduce<{ path: Path; value: unknown }[]>(
    (places, step) =>
      places.flatMap(({ path, value }) => {
        if (typeof value !== "object" || value === null) return [];
        const keys = step !== "*" ? [step] : Array.isArray(value) ? [...value.keys()] : Object.keys(value);
        return keys
          .map((key) => ({ path: [...path, key], value: (value as Record<string | number, unknown>)[key] }))
          .filter((place) => place.value !== undefined && place.value !== null);
      }),
    [{ path: [], value: root }],
  );
}

/** The path in Pulumi's notation. */
export function printPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
