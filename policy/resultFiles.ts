/** The results of a run as data: JSON for programs, JUnit for test reports, SARIF for code scanning. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { EnforcementLevel, PolicyResource } from "@pulumi/policy";
import { type Group, groupOf } from "./groups";
import {
  deferredBy,
  foundBy,
  type Found,
  judgedBy,
  missingFor,
  type Outcome,
  outcomeOf,
  seenBy,
} from "./results";
import type { About } from "./rule";
import { classOf } from "../aws/types";

export type Concerns = Readonly<Record<string, readonly { readonly about: About }[]>>;

/** Variable with the folder that the files are written to; the pack runs in a folder of its own, so it is an absolute path. */
export const resultsFolder = "POLICY_RESULTS";

/** Result of a rule, with the resources. */
export interface RuleResult {
  readonly rule: string;
  readonly concern: string;
  readonly group: Group;
  readonly severity: string;
  readonly level: EnforcementLevel;
  readonly outcome: Outcome;
  readonly description: string;
  readonly remedy: string;
  /** Ids of public checks for the same thing. */
  readonly publicChecks: readonly string[];
  /** URNs of the resources that it judged. */
  readonly judged: readonly string[];
  readonly findings: readonly Found[];
  /** Resources that a rule without a subject needs and has not found. */
  readonly missing: readonly string[];
  /** Resources with checks that wait for the update. */
  readonly waits: readonly string[];
}

/** The result of every rule in this run, in the order of the documentation. */
export const ruleResults = (
  concerns: Concerns,
  levelOf: (rule: string) => EnforcementLevel,
): readonly RuleResult[] =>
  Object.entries(concerns).flatMap(([concern, members]) =>
    members.map(({ about }) => ({
      rule: about.name,
      concern,
      missing: missingOf(about),
      group: groupOf(about.name),
      severity: about.severity,
      level: levelOf(about.name),
      outcome: outcomeOf(about.name, levelOf(about.name)),
      description: about.description,
      remedy: about.remedy,
      publicChecks: about.publicChecks ?? [],
      judged: judgedBy(about.name),
      findings: foundBy(about.name),
      waits: [...new Set(deferredBy(about.name))],
    })),
  );

/** What a rule misses: its subject in the resources that it looked at; without any, resources of all its types. */
function missingOf(about: About & { readonly type?: string | readonly string[] }): readonly string[] {
  if (judgedBy(about.name).length > 0) return [];
  const missing = missingFor(about.name);
  // Without any resource of a type there is none that is made of another either.
  const first = missing.filter((each) => !missing.some((other) => each.startsWith(`${other} `)));
  if (first.length > 0) return first;
  const subject = about.subject ? [`no ${about.subject}`] : [];
  const seen = seenBy(about.name).map((urn) => urn.split("::").at(-1));
  if (seen.length > 0) return [[`nothing to judge in ${seen.join(", ")}`, ...subject].join(": ")];
  const ofTypes = [about.type ?? []].flat().map((type) => `no ${classOf(type)}`);
  return ofTypes.length > 0 ? ofTypes : subject;
}

const pack = () =>
  JSON.parse(readFileSync(join(__dirname, "package.json"), "utf8")) as { name: string; version: string };

/** The results as JSON. */
export const asJson = (results: readonly RuleResult[], stack: string): string =>
  `${JSON.stringify({ pack: pack(), stack, rules: results }, undefined, 2)}\n`;

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Reason for which a rule has not run to its end, by its outcome. */
const skipped: Readonly<Partial<Record<Outcome, string>>> = {
  deferred: "waits for values that only the update will know",
  notApplicable: "finds nothing to judge",
  disabled: "is disabled",
};

/** Entry of one rule in a test report. */
function shown({ outcome, findings, missing }: RuleResult): string {
  const lines = (all: readonly Found[]) => escaped(all.map(({ message }) => message).join("\n"));
  const open = findings.filter(({ accepted, advice }) => !accepted && !advice);
  if (outcome === "violated")
    return `<failure message="${escaped(open[0]?.message ?? "")}">${lines(open)}</failure>`;
  if (outcome === "notApplicable" && missing.length > 0)
    return `<skipped message="${escaped(`${skipped[outcome]}: ${missing.join(", ")}`)}"/>`;
  if (skipped[outcome]) return `<skipped message="${skipped[outcome]}"/>`;
  return findings.length > 0 ? `<system-out>${lines(findings)}</system-out>` : "";
}

/** The results as a JUnit report: a suite for each concern, a case for each rule. */
export function asJunit(results: readonly RuleResult[], stack: string): string {
  const suites = [...new Set(results.map(({ concern }) => concern))].map((concern) => {
    const own = results.filter((each) => each.concern === concern);
    const count = (holds: (outcome: Outcome) => boolean) =>
      own.filter(({ outcome }) => holds(outcome)).length;
    const cases = own.map(
      (each) =>
        `    <testcase classname="${escaped(`${stack}.${concern}`)}" name="${each.rule}">${shown(each)}</testcase>`,
    );
    const counts = `tests="${own.length}" failures="${count((each) => each === "violated")}" errors="0" skipped="${count((each) => each in skipped)}"`;
    return [`  <testsuite name="${escaped(concern)}" ${counts}>`, ...cases, "  </testsuite>"].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(stack)}">\n${suites.join("\n")}\n</testsuites>\n`;
}

/** Numbers by which code scanning sorts: 9 and more is critical, 7 high, 4 medium. */
const securitySeverity: Readonly<Record<string, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/** The results as SARIF 2.1.0. A resource has no line of its own: findings point to the program's project file. */
export function asSarif(results: readonly RuleResult[], stack: string): string {
  const { name, version } = pack();
  const rules = results.map(({ rule, description, remedy, severity, group, concern, publicChecks }) => ({
    id: rule,
    shortDescription: { text: description },
    help: { text: `Remedy: ${remedy}` },
    properties: {
      "security-severity": securitySeverity[severity] ?? "5.5",
      tags: [group, concern, ...publicChecks],
    },
  }));
  const found = results.flatMap(({ rule, level, findings }, ruleIndex) =>
    findings.map(({ message, resource, urn, advice, accepted }) => ({
      ruleId: rule,
      ruleIndex,
      level: level === "advisory" || advice ? "note" : "error",
      message: { text: message },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
          logicalLocations: [{ name: resource ?? stack, fullyQualifiedName: urn ?? stack, kind: "resource" }],
        },
      ],
      partialFingerprints: { "ruleAndResource/v1": `${rule} ${urn ?? stack}` },
      ...(accepted && { suppressions: [{ kind: "external", justification: accepted.reason }] }),
    })),
  );
  const sarif = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name, version, rules } }, results: found }],
  };
  return `${JSON.stringify(sarif, undefined, 2)}\n`;
}

/**
 * Writes `results.json`, `junit.xml` and `results.sarif`.
 *
 * @returns the reason of a failure; undefined if they are written.
 */
export function writeResults(
  folder: string,
  results: readonly RuleResult[],
  resources: readonly Pick<PolicyResource, "type" | "name">[],
): string | undefined {
  if (!isAbsolute(folder))
    return `${resultsFolder} is ${folder}, which leads to somewhere in the pack's own folder. Remedy: ${resultsFolder}="$PWD/${folder}"`;
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.name ?? "stack";
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "results.json"), asJson(results, stack));
    writeFileSync(join(folder, "junit.xml"), asJunit(results, stack));
    writeFileSync(join(folder, "results.sarif"), asSarif(results, stack));
    return undefined;
  } catch (error) {
    return `${resultsFolder} is ${folder}, where nothing can be written: ${(error as Error).message}. Remedy: name a folder that this user may write to`;
  }
}
