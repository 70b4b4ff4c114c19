// The tables of docs/acceptance.md: the steps of a run, and the questions to an account.
import { questions } from "../acceptance/questions";
import { stepsOf, type World } from "../acceptance/steps";

/** The steps do not run here: they are only named. */
const nobody = { tags: {}, region: "us-east-1", offline: false } as unknown as World;

/** Each step with its minutes and the scale that is paid for. */
export const steps = (): string =>
  [
    "| step | does | paid for | minutes | at most | when it fails |",
    "|---|---|---|---|---|---|",
    ...stepsOf(nobody).map(({ name, does, scale, usual, atMost, always, optional }) => {
      const failure = always ? "the run fails" : optional ? "the others follow" : "the destruction follows";
      return `| ${name} | ${does} | ${scale} | ${usual} | ${atMost} | ${always ? `${failure}; it runs whatever happened before` : failure} |`;
    }),
  ].join("\n");

/** Each question, where it stands, and what the project assumes until it is answered. */
export const asked = (): string =>
  [
    "| question | stands in | asked at | what it asks | what is assumed |",
    "|---|---|---|---|---|",
    ...Object.entries(questions).map(
      ([name, { page, at, asks, assumes }]) =>
        `| \`${name}\` | [${page.replace("docs/", "")}](${page.replace("docs/", "")}) | ${at.join(", ") || "by hand, after the run"} | ${asks} | ${assumes} |`,
    ),
  ].join("\n");
