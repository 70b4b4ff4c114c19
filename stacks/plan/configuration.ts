import * as pulumi from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime";
import { makePlan, type Plan } from ".";
import { regionFault, regions } from "../../aws/regions";
import { isCheckout, makeCheckout } from "./checkout";
import { stackTag } from "./monitoring/budget";
import { closing } from "./summary";
import { inThisStack } from "../settings/inThisStack";
import { parseSettings, SettingsError } from "../settings";
import { nearest } from "../settings/nearest";

// The entrance: only this file and inThisStack.ts import Pulumi here; all other files are pure.

/**
 * Reads this stack's configuration, decides the Plan and shows advisories to the operator.
 *
 * @throws RunError before any resource is registered; Pulumi shows it without a stack trace.
 */
export function configuredPlan(): Plan {
  try {
    const plan = makePlan(parseSettings(...ownConfiguration()), pulumi.getStack());
    const faults = faultsOf(plan).filter((fault) => fault !== undefined);
    if (faults.length > 0) throw new SettingsError(faults.join("\n"));
    for (const advisory of plan.advisories) void pulumi.log.warn(inThisStack(advisory));
    return plan;
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(inThisStack(error.message));
    throw error;
  }
}

/** Prints the closing summary of an update, at most ten lines; a preview does not know the address yet. */
export function tellSummary(plan: Plan, url: pulumi.Output<string>): void {
  const region = new pulumi.Config("aws").get("region");
  url.apply((address) => pulumi.log.info(closing(plan, address, region).join("\n")));
}

/** Faults of the plan against the machine, the region and the tags: all at once, as with settings. */
function faultsOf(plan: Plan): readonly (string | undefined)[] {
  const region = ownRegion();
  return [
    checkoutFault(plan.image.context),
    plan.monitoring.budget && tagFault(plan.stack),
    ...(region === undefined
      ? []
      : [
          unknownRegion(region),
          sameRegion(plan.backupCopy?.region, region),
          foreignCertificate(region, plan.domain?.certificateArn),
        ]),
  ];
}

function checkoutFault(folder: string | undefined): string | undefined {
  if (folder === undefined || isCheckout(folder)) return undefined;
  return (
    `chatpop:imageContext is ${JSON.stringify(folder)}, where there is no backend/requirements.txt. Allowed: the folder of ` +
    `a ChatPop checkout. Make one with: ${makeCheckout(folder)}`
  );
}

/** Region of the provider: aws:region, or else the environment's. */
const ownRegion = () =>
  new pulumi.Config("aws").get("region") ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];

function unknownRegion(region: string): string | undefined {
  const fault = regionFault(region);
  return (
    fault &&
    `aws:region is ${region}, which ${fault}. Allowed: ${regions.join(", ")}. ` +
      `Set it with: pulumi config set aws:region ${nearest(region, regions)[0] ?? "us-east-1"}`
  );
}

/** Without the tag a budget would count nothing, and stay silent for ever. */
function tagFault(stack: string): string | undefined {
  const { tags } = new pulumi.Config("aws").getObject<DefaultTags>("defaultTags") ?? {};
  const value = tags?.[stackTag];
  if (value === stack) return undefined;
  return (
    `chatpop:monthlyBudget finds the stack's cost by its tag ${stackTag}, but aws:defaultTags ` +
    `${value === undefined ? "has none" : `says ${JSON.stringify(value)}`}. Allowed: ${stack}. ` +
    `Set it with: pulumi config set --path aws:defaultTags.tags.${stackTag} ${stack}`
  );
}

interface DefaultTags {
  readonly tags?: Readonly<Record<string, string>>;
}

function sameRegion(copies: string | undefined, region: string): string | undefined {
  if (copies !== region) return undefined;
  return (
    `chatpop:backupCopyRegion is ${copies}, the stack's own region (aws:region), with which the copies would be lost too. ` +
    "Allowed: another region. Set it with: pulumi config set chatpop:backupCopyRegion us-west-2"
  );
}

function foreignCertificate(region: string, certificateArn: string | undefined): string | undefined {
  const lies = certificateArn?.split(":")[3];
  if (lies === undefined || lies === region) return undefined;
  return (
    `chatpop:certificateArn is ${certificateArn}, a certificate of ${lies}, but a load balancer takes those of its own region, ` +
    `${region}, only. Let the program request one with: pulumi config rm chatpop:certificateArn`
  );
}

/** The project's own keys with their values, and the keys with secret values. */
function ownConfiguration(): [Record<string, string>, Set<string>] {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(allConfig()).filter(([key]) => key.startsWith(prefix));
  const secretKeys = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[];
  return [
    Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])),
    new Set(secretKeys.map((key) => key.slice(prefix.length))),
  ];
}
