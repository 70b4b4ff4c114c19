// The report of `make adopt`: adopted resources, new ones, and the next commands.
import { adoptedKinds, type AdoptedKind } from "../stacks/settings/adoption";
import type { Environment } from "./environment";
import { acceptedFile, guideServiceWords, type SetCommand, setImage, type Trap, trapsOf } from "./traps";

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
  const set: SetCommand = (setting, value) =>
    `${pulumi} config set --stack ${stack} chatpop:${setting} ${value}`;
  const pack = `--stack ${stack} --policy-pack policy${
    traps.some(({ command }) => command?.(set).includes(acceptedFile))
      ? ` --policy-pack-config ${acceptedFile}`
      : ""
  }`;
  // The old service ends before the snapshot, so that the snapshot holds all that was written.
  const next = () => [
    set("adopted", `'${JSON.stringify(Object.keys(found))}'`),
    `${pulumi} import --stack ${stack} --file ${file} --yes --protect=false --generate-code=false`,
    setImage(set),
    `${pulumi} preview ${pack}`,
    `aws ecs update-service ${guideServiceWords} --desired-count 0`,
    ...(found.database ? snapshot(found.database) : []),
    `${pulumi} up ${pack}`,
    `${pulumi} preview ${pack} --expect-no-changes`,
  ];
  // A name that begins with aws would reach a real account.
  const isOffline = pulumi !== "pulumi";
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
    ...section(
      "Mended by the update:",
      traps.filter(({ command }) => !command).map((trap) => said(trap)),
    ),
    ...section(
      "Yours to do:",
      traps.flatMap((trap) => (trap.command ? [said(trap), `    ${trap.command(set)}`] : [])),
    ),
    "",
    ...(adopted.length > 0
      ? [
          `${file} is written, and nothing has changed yet.`,
          "",
          isOffline
            ? "Next, without the commands for a real account, which begin with aws (docs/operations/move.md):"
            : "Next:",
          ...next()
            .filter((command) => !isOffline || !command.startsWith("aws "))
            .map((command) => `  ${command}`),
        ]
      : [
          "Nothing was written, and nothing has changed.",
          "Next: make adopt with NAMES, or with another account's credentials",
        ]),
  ]
    .map((each) => each.trimEnd())
    .join("\n");
}

const snapshot = (database: string) => [
  `aws rds create-db-snapshot --db-instance-identifier ${database} --db-snapshot-identifier chatpop-before-adoption`,
  "aws rds wait db-snapshot-available --db-snapshot-identifier chatpop-before-adoption",
];
const said = ({ what, then }: Trap) => `  ${what}: ${then}`;
const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ["", title, ...lines] : []);
