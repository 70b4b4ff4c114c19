/** Edit distance of two words: the number of letters to change, add or leave out. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, against] of [...other].entries()) {
      next.push(
        Math.min(row[column + 1]! + 1, next[column]! + 1, row[column]! + (letter === against ? 0 : 1)),
      );
    }
    row = next;
  }
  return row.at(-1)!;
}

/**
 * Existing names that resemble a name that does not exist; empty if none is close.
 *
 * @param furthest Letters in which a name may differ. @default half of the letters of the given name
 */
export function nearest(
  written: string,
  names: readonly string[],
  furthest = written.length / 2,
): readonly string[] {
  const scored = names.map((name) => ({ name, far: distance(written.toLowerCase(), name.toLowerCase()) }));
  const least = Math.min(...scored.map(({ far }) => far));
  return scored.filter(({ far }) => far === least && far <= furthest).map(({ name }) => name);
}
