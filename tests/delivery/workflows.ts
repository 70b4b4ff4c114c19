import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The project's folder. */
export const project = join(__dirname, "..", "..");

/** A step of a workflow or of a composite action. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: unknown;
  readonly concurrency?: unknown;
  readonly "timeout-minutes"?: number;
  readonly "runs-on"?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(project, ".github", "workflows");

/** The files of all workflows. */
export const workflowFiles = readdirSync(folder).map((file) => join(folder, file));
/** The text of all workflows and composite actions, by file name. */
export const texts: Readonly<Record<string, string>> = Object.fromEntries(
  [...workflowFiles, join(project, ".github", "actions", "setup", "action.yml")].map((file) => [
    file.slice(join(project, ".github").length + 1),
    readFileSync(file, "utf8"),
  ]),
);

/** A workflow by its name without `.yml`. */
export function workflow(name: string): Workflow {
  return parse(texts[`workflows/${name}.yml`]!) as Workflow;
}

/** The steps of the action that prepares every job. */
export const setUp = (parse(texts["actions/setup/action.yml"]!) as { runs: { steps: readonly Step[] } }).runs
  .steps;

/** Every step, with a name that tells where it is: `deploy build: Build the image`. */
export function allSteps(): readonly { readonly where: string; readonly step: Step }[] {
  const named = (place: string, steps: readonly Step[] = []) =>
    steps.map((step) => ({ where: whereIs(place, step), step }));
  const jobs = workflowFiles.flatMap((file) => {
    const name = file.slice(folder.length + 1, -".yml".length);
    return Object.entries(workflow(name).jobs).flatMap(([job, { steps }]) => named(`${name} ${job}`, steps));
  });
  return [...jobs, ...named("setup", setUp)];
}

/** `deploy build: Build the image`. */
export const whereIs = (place: string, step: Step): string => `${place}: ${step.name ?? step.uses}`;

/** Steps that nothing on this machine can stand in for, with the reason. */
export const cannotRunOffline: Readonly<Record<string, string>> = {
  "ci test: Install what the image's tests need": "installs packages of the runner's system",
  "ci test: Run all tests": "is the run that these tests belong to",
  "ci preview: One page on each scale":
    "takes three more previews; tests/forecast/report opens such a page in Chromium",
  "nightly benchmark: Measure previews, updates, growth and index builds":
    "takes a quarter of an hour; tests/offline/measure.test.ts tries how it measures",
  "nightly benchmark: Show the tables beside the job": "belongs to the run before it",
  "nightly faults: Strike a stack by every fault":
    "takes an hour; tests/endToEnd/faults.test.ts has a sample",
  "nightly image: Build the image and try it":
    "takes longer than all others, and is a target of its own: make image-build",
  "nightly node: Preview a stack on another Node": "needs other Nodes; every test previews on this one",
  "nightly test: Install what the image's tests need": "installs packages of the runner's system",
  "nightly settings: Judge settings at random, which are others every day":
    "is a run of tests that others belong to",
  "nightly test: Run all tests, the exhaustive ones too": "is a run that these tests belong to",
  "nightly site: Build the documentation's site, which fails on a dead link":
    "installs the site's own packages: make site",
  "ci lint: Check workflows and the configuration of Renovate": "installs Python packages: make audit",
  "nightly audit: Look at workflows, Renovate's configuration and the history":
    "builds gitleaks: make audit HISTORY=yes",
  "acceptance accept: Walk the whole way":
    "needs an account; tests/endToEnd/acceptance.test.ts runs the same command dry",
  "acceptance accept: Remove what is left of it":
    "needs an account; tests/acceptance/command.test.ts runs it",
  "acceptance accept: Show what AWS answered": "needs an account's record",
  "release build: Pack what is released":
    "installs the packages anew; tests/delivery/supplyChain.test.ts writes the list",
  "release publish: Publish the release": "needs GitHub and a tag",
  "environment deploy: Log in to Pulumi Cloud": "needs Pulumi Cloud and GitHub's own tokens",
};
