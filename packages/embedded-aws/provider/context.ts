// The view of the account that a model gets for one operation.
import { randomBytes } from "node:crypto";
import type { State } from "../account";
import { RegionalView } from "../account";
import { models } from "../models/registry";
import type { Context, Model } from "../models/model";
import { defaultNetwork } from "../models/defaultNetwork";
import { readSettings } from "../settings";
import { clockOf } from "./clock";

export const accountId = "123456789012";

/** Whether the real provider accepts `region` or `tags` for a type: the model's schema has them exactly then. */
export function takes(model: Model, input: "region" | "tags"): boolean {
  return input in ((model.inputs as { shape?: object }).shape ?? {});
}

/** Place and purpose of a decision. */
type Place = Pick<Context, "region" | "urn" | "home" | "fault" | "mark" | "revise" | "leave">;

/** The context for one operation on the account. */
export function contextFor(state: State, { region, urn, home, fault, mark, revise, leave }: Place): Context {
  return {
    ...{ region, urn, home, accountId },
    ...(fault && { fault }),
    ...(mark && { mark }),
    ...(revise && { revise }),
    ...(leave && { leave }),
    clock: clockOf(home),
    settings: readSettings(home),
    account: new RegionalView(
      withDefaults(state, region),
      region,
      (type) => models.get(type)?.references ?? [],
    ),
    hex: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString("hex")
        .slice(0, digits),
  };
}

/** The state with the default VPC of the region, which exists without any program. */
function withDefaults(state: State, region: string): State {
  if (region === "") return state;
  let own: State["resources"] | undefined;
  let all: State["resources"] = [];
  return {
    // Read at each access, because the state may change during the operation.
    get resources() {
      if (own !== state.resources) {
        own = state.resources;
        all = [...own, ...defaultNetwork(region, accountId)];
      }
      return all;
    },
    get traces() {
      return state.traces;
    },
  };
}

/** The engine's logical name: the last part of the URN. */
export function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

const acronyms: Readonly<Record<string, string>> = { Vpc: "VPC", Eip: "EIP", Nat: "NAT", Db: "DB" };

/** The type as the real provider names it in its errors: `EC2 Route Table`. */
export function title(type: string): string {
  const given = models.get(type)?.title;
  if (given !== undefined) return given;
  const [, module = "", name = ""] = /^[\w-]+:([\w-]+)\/?.*:(\w+)$/.exec(type) ?? [];
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").split(" ");
  return [module.toUpperCase(), ...words.map((word) => acronyms[word] ?? word)].join(" ");
}
