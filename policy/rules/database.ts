import { leastMaxStorage } from "../../aws/databaseStorage";
import { guide } from "../../stacks/guide";
import { change, leave } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import { has } from "../stack";
import { types } from "../../aws/types";
import { asNumber, asText, type Entries, findingIn, given, inDays, parsed, type Properties } from "../values";

/** A replica takes engine, version, encryption and backups from its source. */
const isPrimary = (properties: Properties) => !given(properties, "replicateSourceDb");

export const databaseNotPublic = resourceRule(
  {
    name: "database-not-public",
    type: [types.database, types.databaseClusterInstance],
    description: "No database has a public address",
    severity: "critical",
    requirements: ["G-45", "G-111", "GAP-13"],
    remedy: "publiclyAccessible: false",
    publicChecks: ["CKV_AWS_17", "AWS-0180", "RDS.2"],
  },
  [
    (properties) =>
      properties["publiclyAccessible"] === true && "the instance has a public address (publiclyAccessible)",
  ],
);

/** Whether an instance is made from another, or from a snapshot of one, which decides whether it is encrypted. */
const isCopy = (properties: Properties) =>
  ["replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime"].some((each) => given(properties, each));

export const databaseEncrypted = resourceRule(
  {
    name: "database-encrypted",
    type: [types.database, types.databaseCluster],
    description: "The database is encrypted at rest",
    severity: "high",
    requirements: ["G-42", "GAP-25"],
    remedy: "storageEncrypted: true; RDS cannot encrypt an existing instance in place",
    publicChecks: ["CKV_AWS_16", "AWS-0080", "RDS2", "RDS.3"],
  },
  [
    (properties, _config, { type }) =>
      type === types.database &&
      !isCopy(properties) &&
      properties["storageEncrypted"] !== true &&
      "the storage is not encrypted",
    ({ storageEncrypted }) => storageEncrypted === false && "the storage is not encrypted",
  ],
);

/** Version of an instance of PostgreSQL; undefined for a replica and for another engine. */
function postgresVersion(properties: Properties, type: string): string | undefined {
  if (type !== types.database || !isPrimary(properties) || !given(properties, "engineVersion"))
    return undefined;
  // An instance that is restored has its engine from the snapshot.
  const engine = given(properties, "engine") ? properties["engine"] : "postgres";
  return engine === "postgres" ? asText(properties["engineVersion"]) : undefined;
}

/** Oldest major version in RDS's standard support; before it RDS charges extended support for each vCPU and hour. */
const oldestSupported = 14;

export const databaseVersion = resourceRule(
  {
    name: "database-version",
    type: [types.database, types.databaseCluster],
    description: "The database is an RDS instance of PostgreSQL 15 or newer",
    severity: "high",
    requirements: ["G-42", "GAP-10"],
    remedy: 'engine: "postgres" and engineVersion 15 or newer',
    mends: [change("databaseVersion", (_text, { oldest }) => oldest)],
    settings: { oldest: number(15, "Oldest major version.") },
  },
  [
    {
      of: "chatpop",
      judge: (_properties, _config, { type }) =>
        type === types.databaseCluster &&
        "a cluster (Aurora) is no instance, and no other rule judges its encryption, backups and size",
    },
    {
      of: "chatpop",
      judge: (properties, _config, { type }) =>
        type === types.database &&
        isPrimary(properties) &&
        given(properties, "engine") &&
        properties["engine"] !== "postgres" &&
        `the engine is ${asText(properties["engine"])}, not postgres`,
    },
    {
      of: "chatpop",
      judge: (properties, { oldest }, { type }) => {
        const version = postgresVersion(properties, type);
        return (
          version !== undefined &&
          Number.parseInt(version) < oldest &&
          `PostgreSQL ${version} is older than ${oldest}`
        );
      },
    },
    (properties, _config, { type }) => {
      const version = postgresVersion(properties, type);
      return (
        version !== undefined &&
        Number.parseInt(version) < oldestSupported &&
        `PostgreSQL ${version} is out of RDS's standard support`
      );
    },
  ],
);

export const databaseBackups = resourceRule(
  {
    name: "database-backups",
    type: types.database,
    description: "A week of backups is kept",
    subject: "instance that is no replica",
    severity: "high",
    requirements: ["G-42", "GAP-42", "GAP-51"],
    remedy: "backupRetentionPeriod 7 or more",
    mends: [leave("databaseBackupDays")],
    publicChecks: ["CKV_AWS_133", "AWS-0077", "RDS13", "RDS.11"],
    settings: { days: number(7, "Least days that backups are kept.") },
  },
  [
    (properties, { days }) => {
      if (!isPrimary(properties)) return undefined;
      // Without a value the provider turns backups off.
      const kept = asNumber(properties["backupRetentionPeriod"] ?? 0);
      return kept < days && `backups are kept for ${inDays(kept)}, less than ${days}`;
    },
  ],
);

export const databaseSurvivesMistakes = stackRule(
  {
    name: "database-survives-mistakes",
    description:
      "From 1,000 rooms the database cannot be deleted by accident, and leaves a snapshot when it goes",
    severity: "high",
    requirements: ["G-42", "GAP-25"],
    remedy: "deletionProtection: true, skipFinalSnapshot: false, deleteAutomatedBackups: false",
    mends: [leave("deletionProtection"), leave("finalSnapshot"), leave("disposable")],
    publicChecks: ["CKV_AWS_293", "AWS-0177", "RDS10", "RDS.8"],
  },
  function* (stack) {
    if (!stack.reaches(guide.medium.rooms)) return;
    for (const database of stack.primaries()) {
      yield* stack.judge(
        database,
        () =>
          database.props["deletionProtection"] !== true &&
          "anybody can delete the database (deletionProtection)",
      );
      yield* stack.judge(
        database,
        () =>
          database.props["skipFinalSnapshot"] === true &&
          "it leaves no snapshot when it goes (skipFinalSnapshot)",
      );
      yield* stack.judge(
        database,
        () =>
          database.props["deleteAutomatedBackups"] !== false &&
          "its backups go with it (deleteAutomatedBackups)",
      );
    }
  },
);

export const databaseStorage = resourceRule(
  {
    name: "database-storage",
    type: types.database,
    description: "The storage is gp3 and grows by itself before it is full",
    severity: "medium",
    requirements: ["G-43"],
    remedy: 'storageType: "gp3", maxAllocatedStorage at least 110 % of allocatedStorage',
  },
  [
    (properties) => {
      const type = properties["storageType"] as string | undefined;
      return (
        (isPrimary(properties) || type !== undefined) &&
        type !== "gp3" &&
        `the storage is ${type ?? "not gp3"}`
      );
    },
    (properties) => {
      if (!isPrimary(properties)) return undefined;
      const most = (properties["maxAllocatedStorage"] as number | undefined) ?? 0;
      const now = (properties["allocatedStorage"] as number | undefined) ?? 0;
      return most < leastMaxStorage(now) && `${now} GiB of storage may grow to ${most} GiB only`;
    },
  ],
);

const noSecret = "the proxy has no secret to log in with";

export const proxySpeaksTls = resourceRule(
  {
    name: "proxy-tls",
    type: types.proxy,
    description: "The RDS Proxy takes encrypted connections only, with a password from Secrets Manager",
    severity: "high",
    requirements: ["G-106", "GAP-26"],
    remedy: 'requireTls: true, auths: [{ authScheme: "SECRETS", secretArn: … }]',
  },
  [
    (properties) => properties["requireTls"] !== true && "the proxy takes plain connections",
    (properties) =>
      // Such a proxy logs in with IAM, and needs no secret.
      properties["defaultAuthScheme"] === "IAM_AUTH"
        ? undefined
        : given(properties, "auths")
          ? findingIn(
              properties["auths"] as Entries<Properties>,
              (auth) => !given(auth, "secretArn") && noSecret,
            )
          : noSecret,
  ],
);

export const proxySecretIsJson = stackRule(
  {
    name: "proxy-secret-json",
    description: "The secret of the RDS Proxy is a JSON object with username and password",
    subject: "secret of this stack that a proxy logs in with",
    severity: "high",
    requirements: ["G-106", "GAP-6"],
    remedy:
      'secretString: pulumi.jsonStringify({ username, password }), and "<arn>:password::" in the containers',
  },
  function* (stack) {
    for (const proxy of stack.ofType(types.proxy)) {
      const named = [
        ...stack.sources(proxy, "auths", types.secretVersion),
        ...stack
          .sources(proxy, "auths", types.secret)
          .flatMap((secret) => stack.madeOf(secret, types.secretVersion, "secretId")),
      ];
      // AWS does not return a write-only value.
      for (const version of new Set(
        named.filter((each) => !has(each, "secretStringWo") && !has(each, "secretStringWoVersion")),
      )) {
        yield* stack.judge(
          version,
          () => !hasCredentials(version.props["secretString"]) && "is no JSON with username and password",
        );
      }
    }
  },
);

function hasCredentials(text: unknown): boolean {
  const secret = parsed(text) as Properties | null | undefined;
  return Boolean(secret?.["username"]) && Boolean(secret?.["password"]);
}
