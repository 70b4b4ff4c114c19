import type { Stage } from "../steps";

/** A question that only an account can answer, with its commands. */
export interface Question {
  /** Page whose statement it settles, and words of that statement: a test finds them there. */
  readonly page: string;
  /** Words of the statement, from one line of the page. */
  readonly words: string;
  /** The question in a sentence. */
  readonly asks: string;
  /** Assumption of the project, which the question tests. */
  readonly assumes: string;
  /** Stages at which it is asked; empty for a question that a person answers. */
  readonly at: readonly Stage[];
  /** Commands that print the answer, after `questions/functions.sh`; for a person's question, the instructions. */
  readonly sh: string;
  /** Matches an answer that is as assumed. @default the answer is read by a person */
  readonly assumed?: RegExp;
}

/** Questions by name. */
export type Questions = Readonly<Record<string, Question>>;
