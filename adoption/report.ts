// The report of `make adopt`: adopted resources, new ones, and the next commands.
import { adoptedKinds, type AdoptedKind } from "../stacks/settings/adoption";
import type { Environment } from "./environment";
import { trapsOf } from "./traps";

/** Parts that are never adopted, with the reason. */
const madeAnew: readonly (readonly [part: string, reason: string])[] = [
  [
    "network",
    "the guide builds in the default VPC, which no stack may own; the database moves into the stack's VPC",
  ],
  ["cache", "it cannot move into another VPC, and holds nothing that lasts"],
  ["load balancer, cluster, service, roles", "they hold nothing; the domain moves to the new load balancer"],
  ["values of the secrets", "the stack draws its own: everybody logs in again"],
];

/**
 * The report; its last lines are the commands to type.
 *
 * @param pulumi Command to type instead of `pulumi`.
 */
export function report(
  environment: Environment,
  {
    stack,
    file,
    pulumi = "pulumi",
  }: { readonly stack: string; readonly file: string; readonly pulumi?: string },
): string {
  const { found } = environment;
  const adopted = Object.entries(found) as [AdoptedKind, string][];
  const missing = adoptedKinds.filter((kind) => found[kind] === undefined);
  const traps = trapsOf(environment);
  const line = (left: string, right: string) => `  ${left.padEnd(16)} ${right}`;
  return [
    "Not taken over, made anew beside the old (delete the old by hand when nobody needs it):",
    ...madeAnew.map(([part, reason]) => `  ${part}: ${reason}`),
    "The update moves the database: the old service loses it. Plan a stop, and take a snapshot first.",
    "",
    adopted.length > 0 ? "Taken over in place:" : "Nothing was found that can be taken over.",
    ...adopted.map(([kind, identifier]) => line(kind, identifier)),
    ...(missing.length > 0
      ? [
          'Not found, made anew; another name is given as NAMES="' + `${missing[0]}=<name>":`,
          line(missing.join(", "), ""),
        ]
      : []),
    ...section("Mended by the update:", traps.filter(({ mended = true }) => mended).map(said)),
    ...section("Not mended:", traps.filter(({ mended = true }) => !mended).map(said)),
    ...(adopted.length > 0
      ? [
          "",
          "Next:",
          `  ${pulumi} config set --stack ${stack} chatpop:adopted '${JSON.stringify(Object.keys(found))}'`,
          `  ${pulumi} import --stack ${stack} --file ${file} --yes --protect=false --generate-code=false`,
          `  ${pulumi} preview --stack ${stack} --diff`,
        ]
      : []),
  ]
    .map((each) => each.trimEnd())
    .join("\n");
}

const said = ({ what, then }: { what: string; then: string }) => `  ${what}: ${then}`;
const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ["", title, ...lines] : []);
