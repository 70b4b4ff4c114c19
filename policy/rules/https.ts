import { give } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { has } from "../stack";
import { types } from "../../aws/types";
import { asNumber, asText, type Entries, type Finding, findingIn, known } from "../values";

const modernTls = /^ELBSecurityPolicy-(TLS13-1-[23]-|FS-1-2-|TLS-1-2-)/;

export const listenerTls = resourceRule(
  {
    name: "listener-tls",
    type: types.listener,
    description: "A listener that speaks TLS speaks version 1.2 or newer",
    subject: "listener that speaks TLS",
    severity: "high",
    requirements: ["G-51", "GAP-14"],
    remedy: 'sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"',
    publicChecks: ["CKV_AWS_103", "AWS-0047", "ELB.17"],
  },
  [
    (properties) => {
      // Network load balancers call it TLS.
      if (!["HTTPS", "TLS"].includes(asText(properties["protocol"]))) return undefined;
      const policy = (properties["sslPolicy"] as string | undefined) ?? "ELBSecurityPolicy-2016-08";
      return !modernTls.test(policy) && `${policy} still speaks TLS 1.0`;
    },
    ({ protocol, port }) =>
      protocol === "HTTP" &&
      asNumber(port) === 443 &&
      "speaks plain HTTP on port 443, where browsers expect TLS",
  ],
);

interface Options {
  readonly certificateTransparencyLoggingPreference?: string;
}

interface Action {
  readonly type?: string;
  readonly redirect?: { readonly protocol?: string };
}

/** Fault of what a listener for plain HTTP does; a redirect keeps the protocol unless it names one. */
const plainFault = ({ type, redirect }: Action): Finding => {
  if (type !== "redirect") return "serves plain HTTP beside HTTPS";
  const to = asText(redirect?.protocol ?? "#{protocol}");
  return to !== "HTTPS" && `redirects to ${to.startsWith("#") ? "HTTP" : to} again, and not to HTTPS`;
};

export const httpRedirects = stackRule(
  {
    name: "http-redirects",
    description: "Where there is HTTPS, plain HTTP only redirects to it",
    severity: "high",
    requirements: ["G-51", "GAP-14"],
    remedy:
      'defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }]',
    publicChecks: ["CKV_AWS_2", "CKV2_AWS_20", "AWS-0054", "ELB.1"],
  },
  function* (stack) {
    for (const loadBalancer of stack.ofType(types.loadBalancer)) {
      const listeners = stack.madeOf(loadBalancer, types.listener, "loadBalancerArn");
      const speaking = (protocol: string) =>
        listeners.filter((listener) => known(() => listener.props["protocol"]) === protocol);
      if (speaking("HTTPS").length === 0) stack.lacks(`listener of ${loadBalancer.name} that speaks HTTPS`);
      if (speaking("HTTP").length === 0) stack.lacks(`listener of ${loadBalancer.name} that speaks HTTP`);
      if (speaking("HTTPS").length === 0) continue;
      for (const listener of speaking("HTTP")) {
        yield* stack.judge(listener, () =>
          findingIn(listener.props["defaultActions"] as Entries<Action>, plainFault),
        );
        for (const rule of stack.madeOf(listener, types.listenerRule, "listenerArn")) {
          yield* stack.judge(rule, () =>
            findingIn(
              rule.props["actions"] as Entries<Action>,
              ({ type }) => type === "forward" && "serves plain HTTP beside HTTPS",
            ),
          );
        }
      }
    }
  },
);

export const httpsOffered = stackRule(
  {
    name: "https-offered",
    description: "The chat is served over HTTPS",
    subject: "Application Load Balancer",
    severity: "medium",
    level: "advisory",
    requirements: ["G-51", "GAP-14"],
    remedy: "an HTTPS listener with certificateArn",
    mends: [give("domain", "chat.example.com")],
    publicChecks: ["CKV_AWS_2", "AWS-0054"],
  },
  function* (stack) {
    for (const loadBalancer of stack.ofType(types.loadBalancer)) {
      if ((known(() => loadBalancer.props["loadBalancerType"]) ?? "application") !== "application") continue;
      const listeners = stack.madeOf(loadBalancer, types.listener, "loadBalancerArn");
      yield* stack.judge(
        loadBalancer,
        () =>
          !listeners.some(({ props }) => props["protocol"] === "HTTPS") &&
          "no listener speaks HTTPS, so logins and messages travel openly",
      );
    }
  },
);

export const certificateIssued = stackRule(
  {
    name: "certificate-issued",
    description: "A listener waits for its certificate until the domain is proved",
    severity: "medium",
    requirements: ["G-51", "GAP-14"],
    remedy: "certificateArn: the certificateArn of an aws.acm.CertificateValidation, or dependsOn it",
  },
  function* (stack) {
    for (const listener of stack.ofType(types.listener)) {
      const certificates = stack.sources(listener, "certificateArn", types.certificate);
      if (certificates.length === 0) stack.lacks(`certificate of this stack in ${listener.name}`);
      for (const certificate of certificates) {
        const proved = stack
          .madeOf(certificate, types.certificateValidation, "certificateArn")
          .some((validation) => stack.before(listener).includes(validation));
        yield* stack.judge(
          listener,
          () =>
            !proved &&
            has(certificate, "validationMethod") &&
            `takes ${certificate.name} before its domain is proved, which AWS refuses`,
        );
      }
    }
  },
);

/** Whether a certificate for a name, perhaps of all hosts in it, is good for a host. */
const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith("*.") && host.replace(/^[^.]+/, "*") === name);

interface Names {
  readonly domainName?: unknown;
  readonly subjectAlternativeNames?: Entries<string>;
}

export const certificateCoversDomain = stackRule(
  {
    name: "certificate-covers-domain",
    description: "The certificate of a load balancer is good for the domain that leads to it",
    subject: "domain that leads to a load balancer with a certificate of this stack",
    severity: "high",
    requirements: ["G-51", "GAP-14"],
    remedy: "domainName: the name of the record, or subjectAlternativeNames with it",
  },
  function* (stack) {
    for (const balancer of stack.ofType(types.loadBalancer)) {
      const listeners = stack.madeOf(balancer, types.listener, "loadBalancerArn");
      const certificates = listeners.flatMap((listener) => [
        ...stack.sources(listener, "certificateArn", types.certificate),
        ...stack
          .sources(listener, "certificateArn", types.certificateValidation)
          .flatMap((validation) => stack.sources(validation, "certificateArn", types.certificate)),
      ]);
      // Of further certificates, and of those of another stack, this one does not show the names.
      if (certificates.length === 0 || stack.anyOf([types.listenerCertificate]).length > 0) continue;
      for (const record of stack.madeOf(balancer, types.record, "aliases")) {
        yield* stack.judge(record, () => {
          const host = asText(record.props["name"]).replace(/\.$/, "");
          const names = certificates.flatMap(({ props }) => {
            const { domainName, subjectAlternativeNames } = props as Names;
            return [domainName, ...[subjectAlternativeNames ?? []].flat()].map(asText);
          });
          // A record may be named within its zone only.
          if (!host.includes(".")) return undefined;
          return (
            !names.some((name) => covers(name, host)) &&
            `leads ${host} to a certificate for ${names.join(", ")}, which browsers refuse`
          );
        });
      }
    }
  },
);

export const certificateTransparency = resourceRule(
  {
    name: "certificate-transparency",
    type: types.certificate,
    description: "A certificate stands in the public logs, without which browsers refuse it",
    severity: "low",
    level: "advisory",
    requirements: ["GAP-14"],
    remedy: 'options.certificateTransparencyLoggingPreference "ENABLED", or left out',
    publicChecks: ["CKV_AWS_234"],
  },
  [
    (properties) => {
      const options = properties["options"] as Options | undefined;
      return (
        options?.certificateTransparencyLoggingPreference === "DISABLED" &&
        "is kept out of the public logs: browsers refuse it"
      );
    },
  ],
);

export const aliasFollowsTarget = stackRule(
  {
    name: "alias-follows-target",
    description: "A domain's alias takes its target's name and zone from the target itself",
    subject: "record with an alias",
    severity: "medium",
    requirements: ["G-51"],
    remedy:
      "aliases: [{ name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: false }]",
  },
  function* (stack) {
    for (const record of stack.ofType(types.record)) {
      if (!has(record, "aliases")) continue;
      yield* stack.judge(
        record,
        () =>
          (record.propertyDependencies["aliases"] ?? []).length === 0 &&
          "its target is written by hand, and leads nowhere when the target is made anew",
      );
    }
  },
);
