import { stickinessDuration } from "../../stacks/guide";
import { resourceRule } from "../rule";

interface Stickiness {
  readonly enabled?: boolean;
  readonly type?: string;
  readonly cookieDuration?: number;
  readonly cookieName?: string;
}

const stickiness = (properties: Readonly<Record<string, unknown>>) =>
  properties["stickiness"] as Stickiness | undefined;

/** Network load balancers have target groups without cookies. */
const speaksHttp = (properties: Readonly<Record<string, unknown>>) =>
  ["HTTP", "HTTPS"].includes(properties["protocol"] as string);

export const stickySessions = resourceRule(
  {
    name: "sticky-sessions",
    type: "aws:lb/targetGroup:TargetGroup",
    description: "A client stays on its task for a day",
    severity: "medium",
    requirements: ["G-5", "G-55", "G-154"],
    remedy: `stickiness: { enabled: true, type: "app_cookie", cookieName: "…", cookieDuration: ${stickinessDuration} }`,
  },
  [
    (properties) =>
      speaksHttp(properties) && (!stickiness(properties) || stickiness(properties)?.enabled === false)
        ? "the target group is not sticky"
        : undefined,
    (properties) => {
      if (!speaksHttp(properties) || !stickiness(properties)) return undefined;
      // AWS's own default is a day as well.
      const duration = stickiness(properties)?.cookieDuration ?? stickinessDuration;
      return duration === stickinessDuration
        ? undefined
        : `stickiness lasts ${duration} s instead of ${stickinessDuration} s`;
    },
    (properties) =>
      speaksHttp(properties) &&
      stickiness(properties)?.type === "app_cookie" &&
      !("cookieName" in (stickiness(properties) ?? {}))
        ? "stickiness by application cookie names no cookie"
        : undefined,
  ],
);
