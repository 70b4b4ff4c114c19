import { types } from "../../aws/types";
import type { Scale } from "../../stacks/guide";
import { everythingOn } from "../recording/everythingOn";
import type { Wire } from "../recording/wire";
import {
  add,
  all,
  container,
  edited,
  merge,
  type Mutation,
  options,
  remove,
  set,
  variable,
  write,
} from "./mutations";
import { document } from "./document";

/** What somebody does who is tired, the rule that refuses it, and its words. */
export type TiredEdit = readonly [what: string, rule: string, says: RegExp, mutation: Mutation];

/** Edits of different resources, made together. */
export interface Evening {
  readonly scale: Scale;
  readonly config?: Readonly<Record<string, string>>;
  readonly edits: readonly TiredEdit[];
}

type Fields = Readonly<Record<string, unknown>>;

const service = { type: types.service, name: "chatpop-backend-service" };
const cache = { type: types.cache };
const cleanUp = { type: types.schedule, name: "chatpop-schedule-cleanup-expired-photos" };
const firewall = { type: types.webAcl };
const plain = { type: types.listener, name: "chatpop-http" };
const tls = { type: types.listener, name: "chatpop-https" };
const alarm = (key: string) => ({ type: types.alarm, name: `chatpop-test-${key}` });

/** Edits every entry of an argument that is a list. */
const each = (
  selector: Parameters<typeof edited>[0],
  property: string,
  edit: (entry: Fields) => Fields,
): Mutation =>
  edited(selector, (inputs) => ({
    ...inputs,
    [property]: (inputs[property] as readonly Fields[]).map(edit),
  }));

const more = (
  selector: Parameters<typeof edited>[0],
  property: string,
  ...entries: readonly Wire[]
): Mutation =>
  edited(selector, (inputs) => ({
    ...inputs,
    [property]: [...(inputs[property] as readonly Wire[]), ...entries],
  }));

const copying = (edit: (rule: Fields) => Fields): Mutation => each({ type: types.backupPlan }, "rules", edit);
const notices = (fields: Fields): Mutation =>
  each({ type: types.budget }, "notifications", (notice) => ({ ...notice, ...fields }));
const inFirewall = (name: string, fields: Fields): Mutation =>
  each(firewall, "rules", (rule) => (rule["name"] === name ? { ...rule, ...fields } : rule));
const redirecting = (fields: Fields): Mutation =>
  set(plain, "defaultActions", [{ type: "redirect", redirect: { statusCode: "HTTP_301", ...fields } }]);

const monday: Evening = {
  scale: "medium",
  edits: [
    [
      "a cache that goes with the stack",
      "stack-survives-mistakes",
      /^chatpop-redis: goes with the stack/,
      options(cache, { protect: false }),
    ],
    [
      "media that go with the stack",
      "stack-survives-mistakes",
      /^chatpop-media: goes with the stack/,
      options({ type: types.bucket }, { protect: false }),
    ],
    [
      "a cache without TLS",
      "cache-encrypted",
      /speaks no TLS/,
      set(cache, "transitEncryptionEnabled", undefined),
    ],
    [
      "AWS's parameters for the cache",
      "cache-eviction",
      /default parameter group/,
      write(cache, "parameterGroupName", "default.redis7"),
    ],
    [
      "a cache that hangs up",
      "cache-buffers",
      /timeout 60 cuts a server off that is quiet/,
      more({ type: types.cacheParameterGroup }, "parameters", { name: "timeout", value: "60" }),
    ],
    [
      "a database that logs nowhere",
      "database-log-retention",
      /writes nothing into chatpop-db-log/,
      set({ type: types.database }, "enabledCloudwatchLogsExports", undefined),
    ],
    [
      "the most of free memory",
      "alarm-database-free-memory",
      /Maximum says nothing about FreeableMemory/,
      set(alarm("database-free-memory"), "statistic", "Maximum"),
    ],
    [
      "lost messages that count for nothing",
      "alarm-has-data",
      /writes 0 into LostMessages, not 1/,
      merge({ type: types.logMetricFilter }, "metricTransformation", { value: "0" }),
    ],
    [
      "tasks that stay",
      "cpu-scaling",
      /never scales in/,
      merge({ type: types.scalingPolicy, name: "chatpop-cpu" }, "targetTrackingScalingPolicyConfiguration", {
        disableScaleIn: true,
      }),
    ],
    [
      "a container that logs nowhere",
      "container-logs",
      /logs nowhere/,
      container({ logConfiguration: undefined }),
    ],
    [
      "a clean-up on 30 February",
      "event-rule-goes-off",
      /no such month has a day 30/,
      set(cleanUp, "scheduleExpression", "cron(0 4 30 2 ? *)"),
    ],
    [
      "a key that is written by hand",
      "secrets-drawn",
      /written into the program \(secretString\)/,
      write(
        { type: types.secretVersion, name: "chatpop-django-secret-key" },
        "secretString",
        "django-insecure-0123456789",
      ),
    ],
    [
      "a cookie of the load balancer's",
      "sticky-sessions",
      /goes by the cookie AWSALB/,
      merge({ type: types.targetGroup }, "stickiness", { cookieName: "AWSALB" }),
    ],
    [
      "a page for maintenance that stays",
      "deployment-can-begin",
      /no listener leads to chatpop-tg/,
      write(plain, "defaultActions", [
        { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "503" } },
      ]),
    ],
    [
      "no way out to the cache",
      "tasks-reach-data",
      /chatpop-tasks lets nothing out on port 6379/,
      remove({ type: types.egressRule, name: "chatpop-tasks-to-redis" }),
    ],
    [
      "a container that is called otherwise",
      "service-names-its-container",
      /the container web, which chatpop-backend does not have/,
      each(service, "loadBalancers", (one) => ({ ...one, containerName: "web" })),
    ],
    [
      "a role for everybody beside ECS",
      "role-trust-named",
      /^chatpop-execution: is open to everybody/,
      set(
        { type: types.role, name: "chatpop-execution" },
        "assumeRolePolicy",
        document({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "ecs-tasks.amazonaws.com", AWS: "*" },
        }),
      ),
    ],
    [
      "everything but IAM",
      "no-wildcard-permissions",
      /^chatpop-task-media: /,
      set(
        { type: types.rolePolicy, name: "chatpop-task-media" },
        "policy",
        document({ Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }),
      ),
    ],
    [
      "a branch for an image",
      "image-by-version",
      /main/,
      container({ image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop:main" }),
    ],
    ["debugging, by another word", "debug-off", /DEBUG/, variable("DEBUG", "yes")],
    ["everybody among the hosts", "hosts-named", /\*/, variable("ALLOWED_HOSTS", "chat.example.com,*")],
    [
      "a key of Stripe's under a harmless name",
      "no-secret-in-environment",
      /BILLING is in plain text/,
      variable("BILLING", ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_")),
    ],
    [
      "every statement in the log",
      "database-parameters-safe",
      /log_min_duration_statement/,
      more({ type: types.databaseParameterGroup }, "parameters", {
        name: "log_min_duration_statement",
        value: "0",
        applyMethod: "immediate",
      }),
    ],
    [
      "more data points than there are",
      "alarm-goes-off",
      /never calls: 5 of 3 data points/,
      set(alarm("database-swap"), "datapointsToAlarm", 5),
    ],
    [
      "errors for health",
      "target-health-check",
      /takes 200-499 for health/,
      merge({ type: types.targetGroup }, "healthCheck", { matcher: "200-499" }),
    ],
  ],
};

const tuesday: Evening = {
  scale: "medium",
  edits: [
    [
      "a clean-up that was",
      "event-rule-goes-off",
      /its last time was 2020-01-01T00:00:00/,
      set(cleanUp, "scheduleExpression", "at(2020-01-01T00:00:00)"),
    ],
    [
      "a cache on another port",
      "tasks-reach-data",
      /chatpop-redis lets nothing of chatpop-tasks in on port 6379/,
      all(
        ...["fromPort", "toPort"].map((property) =>
          set({ type: types.ingressRule, name: "chatpop-tasks-to-redis" }, property, 6380),
        ),
      ),
    ],
    [
      "a shell at the load balancer",
      "internet-ingress",
      /lets the internet in on port 22/,
      add(
        types.ingressRule,
        "shell",
        { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" },
        { securityGroupId: [`${types.securityGroup} chatpop-alb`] },
      ),
    ],
    [
      "all policies of AWS by name",
      "no-wildcard-permissions",
      /^chatpop-task: /,
      set({ type: types.role, name: "chatpop-task" }, "managedPolicyArns", [
        "arn:aws:iam::aws:policy/AdministratorAccess",
      ]),
    ],
  ],
};

const everything = (...edits: readonly TiredEdit[]): Evening => ({
  scale: "large",
  config: everythingOn,
  edits,
});

/** Edits of several evenings, each of which leaves the same resource alone that another one edits. */
export const evenings: readonly Evening[] = [
  monday,
  tuesday,
  everything(
    [
      "copies once a week",
      "backup-copies-elsewhere",
      /more seldom than every day/,
      copying((rule) => ({ ...rule, schedule: "cron(0 13 ? * SUN *)" })),
    ],
    ["a budget of hours", "budget-tells", /counts USAGE/, set({ type: types.budget }, "budgetType", "USAGE")],
    [
      "a limit that only counts",
      "web-firewall-guards",
      /only counts what requests-per-address finds/,
      inFirewall("requests-per-address", { action: { count: {} } }),
    ],
    [
      "requests that nobody signs",
      "media-through-signed-urls",
      /signingBehavior never/,
      set({ type: types.originAccessControl }, "signingBehavior", "never"),
    ],
    [
      "media that browsers delete",
      "media-through-signed-urls",
      /takes DELETE/,
      merge({ type: types.distribution }, "defaultCacheBehavior", {
        allowedMethods: ["GET", "HEAD", "DELETE"],
      }),
    ],
    [
      "a redirect to HTTP",
      "http-redirects",
      /redirects to HTTP again/,
      redirecting({ protocol: "HTTP", port: "80" }),
    ],
    [
      "copies that go with their vault",
      "stack-survives-mistakes",
      /goes with the backups in it/,
      set({ type: types.backupVault, name: "chatpop-backup-copy" }, "forceDestroy", true),
    ],
    [
      "a night until 2021",
      "event-rule-goes-off",
      /its last time was 2021/,
      set({ type: types.scheduledAction }, "endTime", "2021-01-01T00:00:00Z"),
    ],
  ),
  everything(
    [
      "copies that are not made",
      "backup-copies-elsewhere",
      /copies nothing elsewhere/,
      copying((rule) => ({ ...rule, copyActions: [] })),
    ],
    ["a budget that calls late", "budget-tells", /at 1000 % of its limit only/, notices({ threshold: 1000 })],
    [
      "a firewall for CloudFront",
      "web-firewall-guards",
      /is one for CloudFront/,
      set(firewall, "scope", "CLOUDFRONT"),
    ],
    [
      "media that are turned off",
      "media-through-signed-urls",
      /is turned off/,
      set({ type: types.distribution }, "enabled", false),
    ],
    [
      "a certificate where CloudFront does not look",
      "distribution-tls",
      /takes a certificate of us-west-2/,
      set({ type: types.distribution }, "viewerCertificate", {
        acmCertificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/1",
        minimumProtocolVersion: "TLSv1.2_2021",
      }),
    ],
    [
      "a redirect to itself",
      "http-redirects",
      /redirects to HTTP again/,
      redirecting({ protocol: "#{protocol}" }),
    ],
  ),
  everything(
    [
      "copies of nothing",
      "backup-copies-elsewhere",
      /no selection names it/,
      remove({ type: types.backupSelection }),
    ],
    [
      "a budget that calls when little is spent",
      "budget-tells",
      /tells nobody/,
      notices({ comparisonOperator: "LESS_THAN" }),
    ],
    [
      "a firewall before everybody",
      "web-firewall-guards",
      /blocks everybody/,
      set(firewall, "defaultAction", { block: {} }),
    ],
    [
      "plain HTTP where browsers expect TLS",
      "listener-tls",
      /plain HTTP on port 443/,
      all(
        ...["certificateArn", "sslPolicy"].map((property) => set(tls, property, undefined)),
        set(tls, "protocol", "HTTP"),
      ),
    ],
  ),
];
