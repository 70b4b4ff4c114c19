import type { StackValidationPolicy } from "@pulumi/policy";
import { configuration } from "./engine";
import { tell } from "./report";
import { texts } from "./settings";
import { types } from "../aws/types";

const name = "other-services";
const names = texts(
  [],
  "Names of services behind a load balancer that are not the chat: Grafana, an admin site.",
);

/** Names of services that no rule takes for the chat, as they are configured. */
export const otherServiceNames = (): readonly string[] =>
  (configuration().get(name)?.values["names"] as readonly string[] | undefined) ?? names.fallback;

/** Keeps these names, once for all rules, and reports those without a service. */
export const otherServices: StackValidationPolicy = {
  name,
  description: "Services that are named as not being the chat exist",
  severity: "low",
  enforcementLevel: "advisory",
  configSchema: { properties: { names: names.schema } },
  validateStack: ({ resources }, report) => {
    const services = resources.filter(({ type }) => type === types.service);
    for (const each of otherServiceNames()) {
      if (services.some((service) => service.name === each)) continue;
      tell(report, {
        message: `${name} names "${each}", but no service is called so. Remedy: correct it in the file given as --policy-pack-config, or take it out.`,
        enforcementLevel: "advisory",
      });
    }
  },
};
