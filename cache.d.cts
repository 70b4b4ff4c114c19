/** Short name for a list of texts. */
export function digest(...texts: string[]): string;
/** What was kept under a name; undefined when there is nothing. */
export function kept(name: string): string | undefined;
/** Keeps texts by name; whatever else was kept under a name that begins with `subject` is removed. */
export function keep(subject: string, texts: Readonly<Record<string, string>>): void;
