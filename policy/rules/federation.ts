import { resourceRule } from "../rule";
import { type Statement, statements } from "../statements";
import { types } from "../../aws/types";
import { asText, type Finding, findingIn } from "../values";

const github = "token.actions.githubusercontent.com";
/** One repository, perhaps with the ids of its owner and itself, and one environment or branch of it. */
const oneOrigin = /^repo:[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?:(environment:[^*?:]+|ref:refs\/heads\/[^*?:]+)$/;

/** Conditions on GitHub's tokens, by operators that compare texts; `IfExists` would admit a token without the claim. */
function demanded({ Condition }: Statement, claim: string): readonly string[] {
  return ["StringEquals", "StringLike"].flatMap((operator) => {
    const keys = Object.entries(Condition?.[operator] ?? {});
    return keys
      .filter(([key]) => key.toLowerCase() === `${github}:${claim}`)
      .flatMap(([, values]) => [values].flat().map(asText));
  });
}

function tooOpen(statement: Statement): Finding {
  const providers = [
    (typeof statement.Principal === "object" ? statement.Principal?.Federated : undefined) ?? [],
  ].flat();
  if (statement.Effect !== "Allow" || !providers.some((arn) => asText(arn).endsWith(github)))
    return undefined;
  const [subjects, audiences] = [demanded(statement, "sub"), demanded(statement, "aud")];
  if (subjects.length === 0) return "may be taken on from any repository on GitHub";
  const open = subjects.find((subject) => !oneOrigin.test(subject));
  if (open !== undefined)
    return `may be taken on by ${open}, which is not one environment or branch of one repository`;
  return audiences.length === 1 && audiences[0] === "sts.amazonaws.com"
    ? undefined
    : "takes tokens that GitHub made for another audience than AWS";
}

export const githubFromOneOrigin = resourceRule(
  {
    name: "github-from-one-origin",
    type: types.role,
    description: "GitHub's jobs take on a role only from one environment or branch of one repository",
    subject: "trust in GitHub's jobs",
    severity: "critical",
    requirements: ["G-130", "GAP-29"],
    remedy:
      "compare sub with repo:<owner>/<name>:environment:<name> and aud with sts.amazonaws.com by StringEquals",
    publicChecks: ["CKV_AWS_358"],
  },
  [(properties) => findingIn(statements(properties["assumeRolePolicy"]), tooOpen)],
);
