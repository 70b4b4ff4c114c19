// Inputs of an RDS instance for PostgreSQL: formats, ranges, and combinations of arguments.
import { z } from "zod";
import { fullVersion, memoryOf } from "./rdsParameters";
import { checkStorage } from "./rdsStorage";
import { refusal } from "./refusal";
import { arn, securityGroupId, taggable, text, modelled } from "./schema";
import { dailyWindow, lengthOf, overlap, weeklyWindow } from "./windows";

const identifierWords = "lower-case letters, digits and single hyphens, beginning with a letter";
const reservedDatabases = [
  "db",
  "rdsadmin",
  "template0",
  "template1",
  "user",
  "order",
  "group",
  "table",
  "select",
];
const otherEngines = [
  ...["mysql", "mariadb", "aurora-mysql", "aurora-postgresql", "db2-se", "db2-ae", "oracle-ee", "oracle-se2"],
  ...["oracle-ee-cdb", "oracle-se2-cdb", "sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web"],
];
const reservedUsers = ["admin", "rdsadmin", "rdssuperuser", "public", "all", "user"];

const masterPassword = z
  .string()
  .min(8, { error: "the master password has at least 8 characters" })
  .max(128, { error: "the master password has at most 128 characters" })
  .refine((value) => /^[!-~]+$/.test(value) && !/[/@" ]/.test(value), {
    error: `MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`,
  });

/** The inputs of `aws:rds/instance:Instance`. */
export const inputs = taggable({
  allocatedStorage: z.int().optional(),
  allowMajorVersionUpgrade: z.boolean().optional(),
  applyImmediately: z.boolean().optional(),
  autoMinorVersionUpgrade: z.boolean().optional(),
  availabilityZone: text(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "an availability zone").optional(),
  backupRetentionPeriod: z.int().min(0).max(35).optional(),
  backupTarget: z.enum(["region", "outposts"]).optional(),
  backupWindow: dailyWindow.optional(),
  blueGreenUpdate: z.strictObject({ enabled: z.boolean().optional() }).optional(),
  caCertIdentifier: z.enum(["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"]).optional(),
  copyTagsToSnapshot: z.boolean().optional(),
  databaseInsightsMode: z.enum(["standard", "advanced"]).optional(),
  dbName: text(
    /^[A-Za-z]\w{0,62}$/,
    "a database name: letters, digits and underscores, beginning with a letter, 1 to 63",
  )
    .refine((name) => !reservedDatabases.includes(name.toLowerCase()), {
      error: ({ input }) => `DBName ${String(input)} cannot be used. It is a reserved word for this engine`,
    })
    .optional(),
  dbSubnetGroupName: z.string().optional(),
  dedicatedLogVolume: z.boolean().optional(),
  deleteAutomatedBackups: z.boolean().optional(),
  deletionProtection: z.boolean().optional(),
  enabledCloudwatchLogsExports: z.array(z.enum(["postgresql", "upgrade", "iam-db-auth-error"])).optional(),
  engine: modelled(["postgres"], otherEngines, "database of the engine").optional(),
  engineLifecycleSupport: z
    .enum(["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"])
    .optional(),
  engineVersion: z
    .string()
    .refine((version) => fullVersion(version) !== undefined, {
      error: ({ input }) =>
        `Cannot find version ${String(input)} for postgres (packages/embedded-aws/data/postgres-versions.json)`,
    })
    .optional(),
  finalSnapshotIdentifier: text(
    /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,253}[A-Za-z0-9]$/,
    identifierWords,
  ).optional(),
  iamDatabaseAuthenticationEnabled: z.boolean().optional(),
  identifier: text(/^[a-z](?!.*--)[a-z0-9-]*$/, identifierWords)
    .max(63, { error: "an identifier has at most 63 characters" })
    .refine((name) => !name.endsWith("-"), { error: "an identifier cannot end with a hyphen" })
    .optional(),
  identifierPrefix: text(/^[a-z](?!.*--)[a-z0-9-]{0,36}$/, identifierWords).optional(),
  instanceClass: z.string().refine((name) => memoryOf(name) !== undefined, {
    error: ({ input }) =>
      `Invalid DB Instance class: ${String(input)} (packages/embedded-aws/data/db-instance-classes.json)`,
  }),
  iops: z.int().min(1000).optional(),
  kmsKeyId: arn("kms", "key/").optional(),
  licenseModel: z.literal("postgresql-license").optional(),
  maintenanceWindow: weeklyWindow.optional(),
  manageMasterUserPassword: z.boolean().optional(),
  masterUserSecretKmsKeyId: z.string().optional(),
  maxAllocatedStorage: z.int().min(0).max(65536).optional(),
  monitoringInterval: z.literal([0, 1, 5, 10, 15, 30, 60]).optional(),
  monitoringRoleArn: arn("iam", "role/").optional(),
  multiAz: z.boolean().optional(),
  networkType: z.enum(["IPV4", "DUAL"]).optional(),
  optionGroupName: z.string().optional(),
  parameterGroupName: z.string().optional(),
  password: masterPassword.optional(),
  passwordWo: masterPassword.optional(),
  passwordWoVersion: z.int().optional(),
  performanceInsightsEnabled: z.boolean().optional(),
  performanceInsightsKmsKeyId: arn("kms", "key/").optional(),
  performanceInsightsRetentionPeriod: z
    .int()
    .refine((days) => days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 23 * 31), {
      error: "performance insights are kept for 7 days, 731 days, or 1 to 23 times 31 days",
    })
    .optional(),
  port: z.int().min(1150).max(65535).optional(),
  publiclyAccessible: z.boolean().optional(),
  replicateSourceDb: z.string().optional(),
  restoreToPointInTime: z
    .strictObject({
      restoreTime: z.iso.datetime().optional(),
      sourceDbInstanceAutomatedBackupsArn: arn("rds").optional(),
      sourceDbInstanceIdentifier: z.string().optional(),
      sourceDbiResourceId: z.string().optional(),
      useLatestRestorableTime: z.boolean().optional(),
    })
    .optional(),
  skipFinalSnapshot: z.boolean().optional(),
  snapshotIdentifier: z.string().optional(),
  storageEncrypted: z.boolean().optional(),
  storageThroughput: z.int().min(125).max(4000).optional(),
  storageType: z.enum(["gp2", "gp3", "io1", "io2", "standard"]).optional(),
  upgradeStorageConfig: z.boolean().optional(),
  username: text(
    /^[A-Za-z]\w{0,62}$/,
    "a user name: letters, digits and underscores, beginning with a letter, 1 to 63",
  )
    .refine((name) => !reservedUsers.includes(name.toLowerCase()), {
      error: ({ input }) =>
        `MasterUsername ${String(input)} cannot be used as it is a reserved word used by the engine`,
    })
    .optional(),
  vpcSecurityGroupIds: z.array(securityGroupId).optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  if (given.dedicatedLogVolume && !/^io[12]$/.test(given.storageType ?? "gp3"))
    refuse(
      "dedicatedLogVolume",
      "InvalidParameterCombination: a dedicated log volume needs the storageType io1 or io2",
    );
  if (given.replicateSourceDb) refuseOnReplica(given, refuse);
  else if (!given.snapshotIdentifier && !given.restoreToPointInTime) requireOnPrimary(given, refuse);
  if (given.allocatedStorage !== undefined) checkStorage(given, given.allocatedStorage, refuse);
  checkWindows(given, refuse);
  checkPairs(given, refuse);
});

/** The inputs as the schema reads them. */
export type Inputs = z.infer<typeof inputs>;
type Refuse = ReturnType<typeof refusal>;

function refuseOnReplica(given: Inputs, refuse: Refuse): void {
  const inherited = [
    "username",
    "password",
    "passwordWo",
    "engine",
    "dbName",
    "dbSubnetGroupName",
    "allocatedStorage",
  ] as const;
  for (const name of inherited) {
    if (given[name] !== undefined) refuse(name, "a read replica takes this from its source: leave it out");
  }
  if (given.manageMasterUserPassword)
    refuse("manageMasterUserPassword", "a read replica has no master password of its own");
}

function requireOnPrimary(given: Inputs, refuse: Refuse): void {
  if (given.engine === undefined) refuse("engine", "The parameter Engine must be provided");
  if (given.allocatedStorage === undefined)
    refuse("allocatedStorage", "The parameter AllocatedStorage must be provided");
  if (given.username === undefined) refuse("username", "The parameter MasterUsername must be provided");
  const passwords = [given.password, given.passwordWo, given.manageMasterUserPassword || undefined];
  const count = passwords.filter((each) => each !== undefined).length;
  if (count === 0)
    refuse("password", "The parameter MasterUserPassword must be provided and must not be blank");
  if (count > 1) refuse("password", "give one of password, passwordWo and manageMasterUserPassword");
}

function checkWindows(given: Inputs, refuse: Refuse): void {
  for (const name of ["backupWindow", "maintenanceWindow"] as const) {
    const window = given[name];
    if (window && lengthOf(window) < 30) refuse(name, "the window must be at least 30 minutes long");
  }
  if (given.backupWindow && given.maintenanceWindow && overlap(given.backupWindow, given.maintenanceWindow)) {
    refuse("backupWindow", "The backup window and maintenance window must not overlap.");
  }
}

function checkPairs(given: Inputs, refuse: Refuse): void {
  if (given.multiAz && given.availabilityZone) {
    refuse(
      "availabilityZone",
      "Requesting a specific availability zone is not valid for Multi-AZ instances.",
    );
  }
  if (given.monitoringInterval && !given.monitoringRoleArn) {
    refuse(
      "monitoringRoleArn",
      "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
    );
  }
  if (given.kmsKeyId && given.storageEncrypted !== true)
    refuse("storageEncrypted", "kmsKeyId needs storageEncrypted: true");
  if (given.performanceInsightsRetentionPeriod && !given.performanceInsightsEnabled) {
    refuse(
      "performanceInsightsEnabled",
      "performanceInsightsRetentionPeriod needs performanceInsightsEnabled: true",
    );
  }
  // AWS: the advanced mode needs Performance Insights for 15 months.
  if (
    given.databaseInsightsMode === "advanced" &&
    (!given.performanceInsightsEnabled || (given.performanceInsightsRetentionPeriod ?? 7) < 465)
  ) {
    refuse(
      "databaseInsightsMode",
      "InvalidParameterCombination: To enable the Advanced mode of Database Insights, modify your instance to enable Performance Insights and set the retention period to at least 465 days.",
    );
  }
  if (given.passwordWo && given.passwordWoVersion === undefined)
    refuse("passwordWoVersion", "passwordWo needs passwordWoVersion");
}
