// Progress of a command. A terminal has one line that changes; a file or pipe gets a line for each phase, and some in
// between.
import { spoken } from "./events";
import type { Operation } from "./operation";

/** Output of the progress, and the clock. */
export interface Screen {
  readonly write: (text: string) => void;
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** Characters of a line, of a terminal. */
  readonly columns: number;
  /** Milliseconds since some moment. */
  readonly now: () => number;
}

/** Time between two lines for a pipe while an operation continues (ms). */
const interval = 30_000;

/** Shows how far a command is. */
export class Progress {
  private readonly began: number;
  private last: number;
  private shown = false;
  private doing: string | undefined;

  constructor(private readonly screen: Screen) {
    this.began = this.last = screen.now();
  }

  /** A line that stays. */
  say(line: string): void {
    this.clear();
    this.screen.write(`${line}\n`);
    this.last = this.screen.now();
  }

  /** Shows what is done now and how far; `expected` is how many resources it will change, if that is known. */
  show(doing: string, operation: Operation | undefined, expected: number | undefined): void {
    const { isTerminal, columns, write, now } = this.screen;
    if (!isTerminal && doing === this.doing && now() - this.last < interval) return;
    const begins = doing !== this.doing;
    this.doing = doing;
    if (!isTerminal && begins) return this.say(doing);
    const [waitsFor] = operation?.underWay ?? [];
    const count = expected ? ` ${operation?.done ?? 0} of ${expected}` : "";
    const line = `${doing}${count}, ${duration(now() - this.began)}${waitsFor ? `: ${spoken(waitsFor)}` : ""}`;
    if (!isTerminal) return this.say(line);
    // No longer than the terminal is wide: what wraps cannot be taken back.
    write(`\r${line.slice(0, Math.max(0, columns - 1))}\x1b[K`);
    this.shown = true;
  }

  /** Takes the changing line away. */
  clear(): void {
    if (this.shown) this.screen.write("\r\x1b[K");
    this.shown = false;
  }
}

/** `12 s`, `3 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
