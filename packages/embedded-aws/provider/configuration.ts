// The provider's own settings, as `aws:region` and `aws:defaultTags` of the stack's configuration.
import type { Properties } from "../models/model";
import { regions } from "../models/regions";
import { isKnown } from "./wire";

/** Settings that `Configure` keeps for all later calls. */
export interface Configuration {
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

/** Reads the settings of a package. Throws for the user when one is missing or wrong. */
export function readConfiguration(packageName: string, settings: Properties): Configuration {
  if (packageName !== "aws") return { region: "", defaultTags: {} };
  return { region: readRegion(settings["region"]), defaultTags: readDefaultTags(settings["defaultTags"]) };
}

function readRegion(given: unknown): string {
  const region = given ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (typeof region !== "string" || region === "") {
    throw new Error(
      'Missing required configuration key "aws:region": the region where AWS operations will take place. ' +
        "Set it with `pulumi config set aws:region us-east-1`.",
    );
  }
  if (isKnown(region) && !(region in regions)) {
    throw new Error(
      `aws:region: invalid AWS Region: ${region}. The embedded AWS knows ${Object.keys(regions).join(", ")}.`,
    );
  }
  return region;
}

function readDefaultTags(given: unknown): Record<string, string> {
  // Nested settings travel as JSON text.
  let value = given;
  try {
    if (typeof given === "string" && isKnown(given)) value = JSON.parse(given);
  } catch {
    throw new Error(`aws:defaultTags is not JSON: write {"tags": {"key": "value"}}.`);
  }
  const tags = (value as { tags?: unknown } | undefined)?.tags ?? {};
  if (typeof tags !== "object" || Object.values(tags).some((tag) => typeof tag !== "string")) {
    throw new Error(
      `aws:defaultTags holds ${JSON.stringify(tags)} as tags: write {"tags": {"key": "value"}}.`,
    );
  }
  return tags as Record<string, string>;
}
