import type { Stage } from "../steps";

/** A question that only an account can answer, and how it is asked. */
export interface Question {
  /** Page whose statement it settles, and words of that statement: a test finds them there. */
  readonly page: string;
  /** Words of the page, so far as one line has them. */
  readonly words: string;
  /** The question in a sentence. */
  readonly asks: string;
  /** What the project assumes; the reason for asking. */
  readonly assumes: string;
  /** Stages at which it is asked; none for a question that a person answers. */
  readonly at: readonly Stage[];
  /** Commands that print the answer, after `questions/functions.sh`; for a person's question what to do. */
  readonly sh: string;
  /** Matches an answer that is as assumed. @default the answer is read by a person */
  readonly assumed?: RegExp;
}

/** Questions by name. */
export type Questions = Readonly<Record<string, Question>>;
