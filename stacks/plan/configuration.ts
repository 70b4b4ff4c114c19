import * as pulumi from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makePlan, type Plan } from ".";
import { closing } from "./summary";
import { inThisStack } from "../settings/inThisStack";
import { parseSettings, SettingsError } from "../settings";

// The door: here and in inThisStack.ts the stacks know Pulumi; everything else is pure.

/**
 * Reads this stack's configuration, decides the Plan and tells the operator what to consider.
 *
 * @throws RunError, which Pulumi shows without a stack trace, before any resource is registered.
 */
export function configuredPlan(): Plan {
  try {
    const plan = makePlan(parseSettings(...ownConfiguration()), pulumi.getStack());
    assertCheckout(plan.image.context);
    assertOtherRegion(plan.backupCopy?.region);
    for (const advisory of plan.advisories) void pulumi.log.warn(inThisStack(advisory));
    return plan;
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(inThisStack(error.message));
    throw error;
  }
}

/** Ends an update with what stands now, in at most ten lines; a preview does not know the address yet. */
export function tellSummary(plan: Plan, url: pulumi.Output<string>): void {
  const region = new pulumi.Config("aws").get("region");
  url.apply((address) => pulumi.log.info(closing(plan, address, region).join("\n")));
}

function assertCheckout(folder: string | undefined): void {
  if (folder === undefined || existsSync(join(folder, "backend", "requirements.txt"))) return;
  throw new SettingsError(
    `chatpop:imageContext is ${JSON.stringify(folder)}, where there is no backend/requirements.txt. Allowed: the folder of ` +
      "a ChatPop checkout. Set it with: pulumi config set chatpop:imageContext ../ChatPop",
  );
}

function assertOtherRegion(region: string | undefined): void {
  if (region === undefined || region !== new pulumi.Config("aws").get("region")) return;
  throw new SettingsError(
    `chatpop:backupCopyRegion is ${region}, the stack's own region (aws:region), with which the copies would be lost too. ` +
      "Allowed: another region. Set it with: pulumi config set chatpop:backupCopyRegion us-west-2",
  );
}

/** The project's own keys with their values, and those of them whose values are secret. */
function ownConfiguration(): [Record<string, string>, Set<string>] {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(allConfig()).filter(([key]) => key.startsWith(prefix));
  const secretKeys = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[];
  return [
    Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])),
    new Set(secretKeys.map((key) => key.slice(prefix.length))),
  ];
}
