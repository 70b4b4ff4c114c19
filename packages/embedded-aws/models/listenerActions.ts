// Actions on a request; listeners and rules accept the same ones.
import { z } from "zod";
import { refusal } from "./refusal";
import { arn, text } from "./schema";

const targetGroupArn = arn("elasticloadbalancing", "targetgroup/");

/** AWS's defaults for the parts of a redirect. */
const sameAddress = {
  host: "#{host}",
  path: "/#{path}",
  port: "#{port}",
  protocol: "#{protocol}",
  query: "#{query}",
};

const redirect = z
  .strictObject({
    host: z.string().min(1).max(128).optional(),
    path: text(/^\//, "a path that begins with /").max(128).optional(),
    port: z
      .string()
      .refine((port) => port === "#{port}" || (/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65535), {
        error: "a port number or #{port}",
      })
      .optional(),
    protocol: z.enum(["HTTP", "HTTPS", "#{protocol}"]).optional(),
    query: z.string().max(128).optional(),
    statusCode: z.enum(["HTTP_301", "HTTP_302"]),
  })
  .superRefine((given, context) => {
    const unchanged = Object.entries(sameAddress).every(
      ([part, value]) => (given[part as "host"] ?? value) === value,
    );
    if (unchanged)
      refusal(context)("protocol", "the redirect creates a loop: change protocol, host, port, path or query");
  });

const forward = z.strictObject({
  stickiness: z
    .strictObject({ duration: z.int().min(1).max(604800), enabled: z.boolean().optional() })
    .optional(),
  targetGroups: z
    .array(z.strictObject({ arn: targetGroupArn, weight: z.int().min(0).max(999).optional() }))
    .min(1)
    .max(5),
});

const fixedResponse = z.strictObject({
  contentType: z.enum(["text/plain", "text/css", "text/html", "application/javascript", "application/json"]),
  messageBody: z.string().max(1024).optional(),
  statusCode: text(/^[245]\d\d$/, "a status 2xx, 4xx or 5xx").optional(),
});

/** A list of actions; the last one answers, redirects or forwards. */
export const actions = z
  .array(
    z
      .strictObject({
        type: z.enum(["forward", "redirect", "fixed-response", "authenticate-cognito", "authenticate-oidc"]),
        order: z.int().min(1).max(50000).optional(),
        targetGroupArn: targetGroupArn.optional(),
        forward: forward.optional(),
        redirect: redirect.optional(),
        fixedResponse: fixedResponse.optional(),
        authenticateCognito: z.record(z.string(), z.unknown()).optional(),
        authenticateOidc: z.record(z.string(), z.unknown()).optional(),
      })
      .superRefine((given, context) => {
        const refuse = refusal(context);
        if (given.type === "forward" && !given.targetGroupArn && !given.forward)
          refuse("targetGroupArn", "an action of type forward needs targetGroupArn or forward");
        if (given.type === "redirect" && !given.redirect)
          refuse("redirect", "an action of type redirect needs redirect");
        if (given.type === "fixed-response" && !given.fixedResponse)
          refuse("fixedResponse", "an action of type fixed-response needs fixedResponse");
      }),
  )
  .min(1)
  .superRefine((given, context) => {
    const last = given.at(-1)?.type;
    if (last?.startsWith("authenticate"))
      refusal(context)(`${given.length - 1}.type`, "the last action must forward, redirect or answer");
    const answers = given.filter(({ type }) => !type.startsWith("authenticate"));
    if (answers.length > 1) {
      refusal(context)(
        "0.type",
        `InvalidLoadBalancerAction: exactly one action must be a forward, redirect or fixed-response, and be the last: there are ${answers.map(({ type }) => type).join(" and ")}`,
      );
    }
  });

/** The action of these that logs a client in, which AWS takes on listeners of HTTPS alone. */
export function loginOf(list: z.infer<typeof actions>): string | undefined {
  return list.find(({ type }) => type.startsWith("authenticate"))?.type;
}

/** The target groups that actions forward to. */
export function targetGroupsOf(list: z.infer<typeof actions>): string[] {
  return list.flatMap((action) => [
    ...(action.targetGroupArn ? [action.targetGroupArn] : []),
    ...(action.forward?.targetGroups ?? []).map((group) => group.arn),
  ]);
}
