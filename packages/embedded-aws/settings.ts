// Settings of the account: its plan, its quotas, and whether it has its service-linked roles already.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import table from "./data/quotas.json";

/** A quota as Service Quotas lists it. */
export interface Quota {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly value: number;
}

const { $comment: _comment, ...listed } = table;

/** The quotas that the models look at, with AWS's defaults. */
export const quotas: Readonly<Record<QuotaName, Quota>> = listed;
export type QuotaName = keyof typeof listed;

const names = Object.keys(listed) as [QuotaName, ...QuotaName[]];

const schema = z.strictObject({
  /** Accounts made since July 2025 begin on the Free plan, which refuses larger databases and their backups. */
  plan: z.enum(["paid", "free"]).default("paid"),
  quotas: z.partialRecord(z.enum(names), z.number().min(0)).default({}),
  /**
   * `late` is a new account: AWS makes each role at the first call that needs it, and cannot assume it in the first
   * minute.
   */
  serviceLinkedRoles: z.enum(["present", "late"]).default("present"),
});

/** The settings of an account, with defaults filled in. */
export type Settings = Readonly<z.infer<typeof schema>>;

/** An account with AWS's defaults, on the paid plan. */
export const defaults: Settings = schema.parse({});

export const file = "settings.json";

/** The settings of the account in a folder: its `settings.json`, or AWS's defaults. */
export function readSettings(folder: string): Settings {
  const path = join(folder, file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return defaults;
  }
  return parseSettings(text, path);
}

/** Reads settings from text. `place` is named in errors. */
export function parseSettings(text: string, place: string): Settings {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw wrong(place, `it is no JSON: ${(error as Error).message}`);
  }
  const result = schema.safeParse(given);
  if (!result.success) throw wrong(place, result.error.issues.map(sentence).join("; "));
  return result.data;
}

const wrong = (place: string, reasons: string) =>
  new Error(
    `${place} does not describe an account: ${reasons}. ` +
      `Allowed: for instance {"plan": "free", "quotas": {"fargateOnDemandVcpu": 6}, "serviceLinkedRoles": "late"}, with the ` +
      `quotas ${names.join(", ")}`,
  );

function sentence(issue: z.core.$ZodIssue): string {
  const place = issue.path.join(".") || "it";
  if (issue.code === "unrecognized_keys")
    return `${place} has ${issue.keys.join(", ")}, which does not exist`;
  if (issue.code === "invalid_value") return `${place} is none of ${issue.values.map(String).join(", ")}`;
  return `${place}: ${issue.message}`;
}

/** The account's quota of that name. */
export function quota(settings: Settings, name: QuotaName): number {
  return settings.quotas[name] ?? quotas[name].value;
}
