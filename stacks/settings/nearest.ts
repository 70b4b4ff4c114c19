/** How many letters have to be changed, added or left out to make one word of the other. */
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
 * The names that may have been meant by one that does not exist; none when nothing comes close.
 *
 * @param furthest Letters in which a name may differ. @default half of those that were written
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
