import { affinityCookie, healthCheck, stickinessDuration } from "../../stacks/guide";
import { servers } from "../containers";
import { chatRule } from "../chatRule";
import { knowsTheGuide } from "../groups";
import { resourceRule, stackRule } from "../rule";
import { has } from "../stack";
import { number, texts } from "../settings";
import { types } from "../../aws/types";
import { asNumber, asText, type Finding, findingIn, type Properties } from "../values";

interface Stickiness {
  readonly enabled?: boolean;
  readonly type?: string;
  readonly cookieDuration?: number;
  readonly cookieName?: string;
}

const stickiness = (properties: Properties) => properties["stickiness"] as Stickiness | undefined;

/** Network load balancers have target groups without cookies. */
const speaksHttp = (properties: Properties) => ["HTTP", "HTTPS"].includes(properties["protocol"] as string);

export const stickySessions = chatRule(
  {
    name: "sticky-sessions",
    of: "chatTargets",
    description: "A client stays on its task for a day",
    severity: "medium",
    requirements: ["G-5", "G-55", "G-154"],
    remedy: `stickiness: { enabled: true, type: "app_cookie", cookieName: "…", cookieDuration: ${stickinessDuration} }`,
  },
  [
    (properties) =>
      speaksHttp(properties) &&
      (!stickiness(properties) || stickiness(properties)?.enabled === false) &&
      "the target group is not sticky",
    (properties) => {
      if (!speaksHttp(properties) || !stickiness(properties)) return undefined;
      // AWS's own default is a day as well.
      const duration = stickiness(properties)?.cookieDuration ?? stickinessDuration;
      return (
        duration !== stickinessDuration && `stickiness lasts ${duration} s instead of ${stickinessDuration} s`
      );
    },
    (properties) =>
      speaksHttp(properties) &&
      stickiness(properties)?.type === "app_cookie" &&
      !stickiness(properties)?.cookieName &&
      "stickiness by application cookie names no cookie",
    (properties) => {
      const { type, cookieName = affinityCookie } = stickiness(properties) ?? {};
      if (!speaksHttp(properties) || type !== "app_cookie") return undefined;
      // Another program has a cookie of its own; the load balancer keeps these names for itself.
      const isWrong = knowsTheGuide() ? cookieName !== affinityCookie : /^AWSALB(APP|TG)?$/.test(cookieName);
      return isWrong && `stickiness goes by the cookie ${cookieName}, which the application does not set`;
    },
  ],
);

/** Seconds after which an Application Load Balancer closes an idle connection; other types have another clock. */
const idleSeconds = (properties: Properties) =>
  (properties["loadBalancerType"] ?? "application") === "application"
    ? ((properties["idleTimeout"] as number | undefined) ?? 60)
    : undefined;

export const idleTimeout = resourceRule(
  {
    name: "idle-timeout",
    type: types.loadBalancer,
    description:
      "The load balancer closes idle connections after Daphne's ping (20 s) and before its keep-alive (60 s)",
    severity: "high",
    requirements: ["G-1", "GAP-23"],
    remedy: "idleTimeout: 55",
    settings: {
      longerThan: number(20, "Seconds between two pings of the server."),
      shorterThan: number(60, "Seconds after which the server closes idle connections itself."),
    },
  },
  [
    (properties, { longerThan }) => {
      const seconds = idleSeconds(properties);
      return (
        seconds !== undefined &&
        seconds <= longerThan &&
        `idle timeout ${seconds} s cuts sockets between two pings (${longerThan} s)`
      );
    },
    // How long a server keeps a connection is its own habit: this is Daphne's.
    {
      of: "chatpop",
      judge: (properties, { shorterThan }) => {
        const seconds = idleSeconds(properties);
        return (
          seconds !== undefined &&
          seconds >= shorterThan &&
          `idle timeout ${seconds} s is not below the server's keep-alive (${shorterThan} s): answers get lost (502)`
        );
      },
    },
  ],
);

export const drainTime = chatRule(
  {
    name: "drain-time",
    of: "chatTargets",
    description:
      "A leaving task ends its requests, and waits no longer than two minutes for sockets that never end",
    severity: "medium",
    requirements: ["GAP-17", "GAP-24"],
    remedy: "deregistrationDelay: 60",
    settings: {
      shortest: number(10, "Least seconds in which a leaving task ends what it has begun."),
      longest: number(120, "Most seconds that a leaving task keeps its connections."),
    },
  },
  [
    (properties, { shortest }) => {
      const seconds = asNumber(properties["deregistrationDelay"] ?? 300);
      return (
        seconds < shortest && `a leaving task cuts requests off after ${seconds} s, less than ${shortest} s`
      );
    },
    (properties, { longest }) => {
      const seconds = asNumber(properties["deregistrationDelay"] ?? 300);
      return seconds > longest && `a leaving task drains for ${seconds} s, more than ${longest} s`;
    },
  ],
);

export const stopTimeout = chatRule(
  {
    name: "stop-timeout",
    of: "chatTasks",
    description: "A server has a minute to close its sockets before it is killed",
    subject: "container that clients connect to",
    severity: "medium",
    requirements: ["GAP-17", "GAP-24"],
    remedy: "stopTimeout: 120 in the container definition",
    settings: { shortest: number(60, "Least seconds between SIGTERM and SIGKILL.") },
  },
  [
    (properties, { shortest }) =>
      findingIn(
        servers(properties),
        ({ name, stopTimeout: seconds = 30 }) =>
          seconds < shortest && `container ${name} is killed after ${seconds} s, less than ${shortest} s`,
      ),
  ],
);

export const openFiles = chatRule(
  {
    name: "open-files",
    of: "chatTasks",
    description: "A server may open as many files as Fargate allows by default: one for each socket",
    subject: "container that clients connect to",
    severity: "medium",
    requirements: ["G-10", "GAP-11"],
    remedy: 'ulimits: [{ name: "nofile", softLimit: 65535, hardLimit: 65535 }], or none',
    settings: { least: number(65_535, "Least open files of a server.") },
  },
  [
    (properties, { least }) =>
      findingIn(servers(properties), ({ name, ulimits }) => {
        const { softLimit = Infinity } = ulimits.find((each) => each.name === "nofile") ?? {};
        return softLimit < least && `container ${name} may open ${softLimit} files only`;
      }),
  ],
);

interface HealthCheck {
  readonly path?: string;
  readonly matcher?: string;
  readonly interval?: number;
  readonly timeout?: number;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
  readonly enabled?: boolean;
  readonly port?: string | number;
  readonly protocol?: string;
}

const check = (properties: Properties) => (properties["healthCheck"] ?? {}) as HealthCheck;

/** Seconds within which any program wants to know of a dead task: fewer than AWS's own checks of five minutes. */
const latestDeath = 240;

function deathFault(properties: Properties, above: number, upTo: number): Finding {
  const { interval: every = 30, unhealthyThreshold = 3 } = check(properties);
  const seconds = every * unhealthyThreshold;
  return (
    seconds > above &&
    seconds <= upTo &&
    `a dead task is noticed after ${seconds} s (${unhealthyThreshold} checks, one in ${every} s), later than ${above} s`
  );
}

export const targetHealthCheck = chatRule(
  {
    name: "target-health-check",
    of: "chatTargets",
    description:
      "The load balancer asks a page of the application every 30 s, and takes only success for health",
    severity: "high",
    requirements: ["G-54", "G-190", "GAP-1"],
    remedy: `healthCheck: { path: "${healthCheck.path}", matcher: "200", interval: ${healthCheck.interval} }`,
    publicChecks: ["CKV_AWS_261"],
    settings: {
      refused: texts(["/"], "Paths that may not be asked, because the application has no page there."),
      interval: number(healthCheck.interval, "Most seconds between two checks."),
      death: number(120, "Most seconds until a dead task is noticed: interval × unhealthyThreshold."),
      birth: number(120, "Most seconds until a new task is used: interval × healthyThreshold."),
    },
  },
  [
    {
      of: "chatpop",
      judge: (properties, { refused }) => {
        if (!speaksHttp(properties)) return undefined;
        const path = asText(check(properties).path ?? "/");
        return (
          refused.includes(path.split("?")[0]!) && `the health check asks ${path}, where the chat has no page`
        );
      },
    },
    (properties) => {
      const matcher = asText(check(properties).matcher ?? "200");
      return /(?:^|[,-])\s*[345]/.test(matcher) && `the health check takes ${matcher} for health`;
    },
    (properties) => deathFault(properties, latestDeath, Infinity),
    { of: "chatpop", judge: (properties, { death }) => deathFault(properties, death, latestDeath) },
    {
      of: "chatpop",
      judge: (properties, { birth }) => {
        const { interval: every = 30, healthyThreshold = 3 } = check(properties);
        const seconds = every * healthyThreshold;
        return (
          seconds > birth && `a new task waits ${seconds} s for its first request, longer than ${birth} s`
        );
      },
    },
    (properties) => {
      const { interval: every = 30, timeout = 5 } = check(properties);
      return (
        timeout >= every && `a check may take ${timeout} s, as long as the next one is away (${every} s)`
      );
    },
    {
      of: "chatpop",
      judge: (properties) => {
        const { port = "traffic-port", protocol = properties["protocol"] } = check(properties);
        if (speaksHttp(properties) && protocol !== properties["protocol"])
          return `the health check speaks ${asText(protocol)}, which the application does not`;
        return (
          !["traffic-port", asText(properties["port"])].includes(asText(port)) &&
          `the health check asks port ${port}, where no application listens`
        );
      },
    },
    (properties) => check(properties).enabled === false && "the health check is turned off",
    {
      of: "chatpop",
      judge: (properties, { interval }) => {
        const seconds = check(properties).interval ?? 30;
        return seconds > interval && `the health check asks every ${seconds} s only, not every ${interval} s`;
      },
    },
  ],
);

export const targetByAddress = stackRule(
  {
    name: "target-by-address",
    description: "Tasks with an address of their own, as Fargate's have, are targets by that address",
    subject: "target group in front of tasks with an address of their own",
    severity: "medium",
    requirements: ["G-53", "G-190"],
    remedy: 'targetType: "ip"',
  },
  function* (stack) {
    // Only tasks in the network mode awsvpc have a networkConfiguration; others are reached by their instance.
    const services = stack.chatServices().filter((service) => has(service, "networkConfiguration"));
    const targets = services.flatMap((service) => stack.sources(service, "loadBalancers", types.targetGroup));
    for (const target of new Set(targets)) {
      yield* stack.judge(target, () => {
        const type = (target.props["targetType"] as string | undefined) ?? "instance";
        return (
          type !== "ip" && `targets are of type ${type}, which tasks with an address of their own cannot be`
        );
      });
    }
  },
);
