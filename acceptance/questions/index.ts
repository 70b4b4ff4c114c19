// Every question of the documentation that only an account can answer, with its page and its commands.
import type { AnswerRecord } from "../record";
import type { Stage } from "../steps";
import { data } from "./data";
import { loadBalancer } from "./loadBalancer";
import { prices } from "./prices";
import type { Question, Questions } from "./question";

export type { Question } from "./question";

/** All questions by name. */
export const questions: Questions = { ...loadBalancer, ...data, ...prices };

/** The questions of a stage. */
export const questionsAt = (stage: Stage): readonly (readonly [string, Question])[] =>
  Object.entries(questions).filter(([, { at }]) => at.includes(stage));

/** Questions that a person asks after the run, in the form of the record. */
export const byHand = (): readonly AnswerRecord[] =>
  Object.entries(questions)
    .filter(([, { at }]) => at.length === 0)
    .map(([question, { page, sh }]) => ({
      ...{ question, page, after: "the run", state: "by-hand", answer: sh },
    }));

/** Record of an answered question. */
export function answered(
  [name, { page, assumed }]: readonly [string, Question],
  after: Stage,
  answer: string,
): AnswerRecord {
  const text = answer.trim() || "nothing";
  const asAssumed = assumed && { asAssumed: assumed.test(text === "nothing" ? "" : text) };
  return { question: name, after, page, state: "done", answer: text, ...asAssumed };
}

/** Record of a question without an answer, with the reason. */
export const unanswered = (
  [name, { page }]: readonly [string, Question],
  after: Stage,
  state: "failed" | "needs-account",
  answer: string,
): AnswerRecord => ({ question: name, after, page, state, answer });
