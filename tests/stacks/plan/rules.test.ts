import { expect } from "chai";
import { reservedEnvironment } from "../../../stacks/plan/rules/environment";
import { fargateOffers } from "../../../aws/fargate";
import { makePlan } from "../../../stacks/plan";
import { complaintsOn } from "../../../stacks/plan/rules";
import { parseSettings, readSettings, SettingsError } from "../../../stacks/settings";
import { commandsIn, fromFile } from "../../../stacks/settings/remedies";
import { mediaDistribution, publicKey } from "../../signingKey";

type Raw = Readonly<Record<string, string>>;

/** The complaint about settings, or undefined when they go together. */
function complaint(raw: Raw): string | undefined {
  try {
    makePlan(parseSettings({ scale: "medium", ...raw }));
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-a1B2c3";
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";

const night = { schedule: "cron(0 23 * * ? *)", minTasks: 2 };
/** Limits of a night, and the usual ones of the morning after. */
const limits = (change: object) =>
  JSON.stringify({
    night: { ...night, ...change },
    morning: { schedule: "cron(0 7 * * ? *)", minTasks: 2 },
  });

/** One row a rule: settings that break it, everything its message must say, and settings that satisfy it. */
const rules: readonly {
  readonly name: string;
  readonly broken: Raw;
  readonly says: readonly string[];
  readonly mended: Raw;
  /** Further settings that the remedy needs. */
  readonly needs?: number;
}[] = [
  {
    name: "an alarm that is chosen for exists",
    broken: { alarms: `{"database-cpus":{"threshold":85}}` },
    says: [
      `chatpop:alarms names "database-cpus", which is no alarm. Did you mean "database-cpu"? The alarms are chat-is-down, deployment-failed,`,
      "database-cpu, ",
      "pulumi config set chatpop:alarms '{}'",
    ],
    mended: { alarms: `{"database-cpu":{"threshold":85}}` },
  },
  {
    name: "an alarm's threshold is in its unit",
    broken: { alarms: `{"database-read-latency":{"threshold":20}}` },
    says: [
      "chatpop:alarms gives database-read-latency the threshold 20. Allowed: from 0.001 to 0.2 (seconds).",
    ],
    mended: { alarms: `{"database-read-latency":{"threshold":0.05}}` },
  },
  {
    name: "bytes are not mebibytes",
    broken: { alarms: `{"cache-swap":{"threshold":100}}` },
    says: ["chatpop:alarms gives cache-swap the threshold 100. Allowed: at least 1048576 (bytes)."],
    mended: { alarms: `{"cache-swap":{"threshold":104857600}}` },
  },
  {
    name: "a certificate's time is in days",
    broken: { alarms: `{"certificate-expiry":{"threshold":720}}` },
    says: ["chatpop:alarms gives certificate-expiry the threshold 720. Allowed: from 1 to 395 (days)."],
    mended: { alarms: `{"certificate-expiry":{"threshold":14}}` },
  },
  {
    name: "an alarm for too few can go off: nothing is fewer than none",
    broken: { alarms: `{"no-healthy-task":{"threshold":0}}` },
    says: ["chatpop:alarms gives no-healthy-task the threshold 0. Allowed: at least 1 (count)."],
    mended: { alarms: `{"no-healthy-task":{"threshold":1}}` },
  },
  {
    name: "an alarm for too many can go off: nothing is above 100 %",
    broken: { alarms: `{"failing-requests":{"threshold":100}}` },
    says: ["chatpop:alarms gives failing-requests the threshold 100. Allowed: from 1 to 99 (percent)."],
    mended: { alarms: `{"failing-requests":{"threshold":99}}` },
  },
  {
    name: "what no metric raises has no threshold",
    broken: { alarms: `{"deployment-failed":{"threshold":1}}` },
    says: ["chatpop:alarms gives deployment-failed a threshold", "it can only be turned off"],
    mended: { alarms: `{"deployment-failed":{"enabled":false,"reason":"told by the pipeline"}}` },
  },
  {
    name: "minimum ≤ desired",
    broken: { minTasks: "5", desiredTasks: "3" },
    says: ["chatpop:minTasks (5)", "chatpop:desiredTasks (3)"],
    mended: { minTasks: "5", desiredTasks: "5" },
  },
  {
    name: "desired ≤ maximum",
    broken: { desiredTasks: "9", maxTasks: "8" },
    says: ["chatpop:desiredTasks (9)", "chatpop:maxTasks (8)", "chatpop:maxTasks 9"],
    mended: { desiredTasks: "9", maxTasks: "9" },
  },
  {
    name: "minimum ≤ maximum",
    broken: { minTasks: "9", maxTasks: "8" },
    says: ["chatpop:minTasks (9)", "chatpop:maxTasks (8)"],
    mended: { minTasks: "8", maxTasks: "8" },
  },
  {
    name: "one ECS service carries the tasks",
    broken: { rooms: "100000", usersPerRoom: "1000" },
    says: ["chatpop:maxTasks (10000)", "5000 tasks", "chatpop:usersPerRoom"],
    mended: { rooms: "10000", usersPerRoom: "1000" },
  },
  {
    name: "Fargate offers the task's size",
    broken: { taskCpu: "512", taskMemory: "8192" },
    says: ["chatpop:taskMemory (8192)", "chatpop:taskCpu (512)", "1024 to 4096 MiB in steps of 1024"],
    mended: { taskCpu: "512", taskMemory: "4096" },
  },
  {
    name: "Fargate offers a quarter of a processor with three sizes of memory only",
    broken: { taskCpu: "256", taskMemory: "1536" },
    says: ["chatpop:taskMemory (1536)", "but not 1536"],
    mended: { taskCpu: "256", taskMemory: "2048" },
  },
  {
    name: "a daily window lasts half an hour",
    broken: { databaseBackupWindow: "09:00-09:29" },
    says: ["chatpop:databaseBackupWindow (09:00-09:29)", "30 minutes"],
    mended: { databaseBackupWindow: "09:00-09:30" },
  },
  {
    name: "a weekly window lasts half an hour",
    broken: { databaseMaintenanceWindow: "sun:10:30-sun:10:30" },
    says: ["chatpop:databaseMaintenanceWindow (sun:10:30-sun:10:30)", "30 minutes"],
    mended: { databaseMaintenanceWindow: "sat:23:45-sun:00:15" },
  },
  {
    name: "RDS backs up and maintains at different times",
    broken: { databaseBackupWindow: "23:45-00:30", databaseMaintenanceWindow: "mon:00:15-mon:01:00" },
    says: [
      "chatpop:databaseBackupWindow (23:45-00:30)",
      "chatpop:databaseMaintenanceWindow (mon:00:15-mon:01:00)",
    ],
    mended: { databaseBackupWindow: "23:45-00:30", databaseMaintenanceWindow: "mon:00:30-mon:01:00" },
  },
  {
    name: "copies are kept for some days",
    broken: { backupCopyRegion: "us-west-2", databaseBackupDays: "0" },
    says: ["chatpop:backupCopyRegion (us-west-2)", "chatpop:databaseBackupDays (0)"],
    mended: { backupCopyRegion: "us-west-2", databaseBackupDays: "1" },
  },
  {
    name: "the windows leave time for a copy",
    broken: { backupCopyRegion: "us-west-2", databaseBackupWindow: "12:00-10:00" },
    says: ["chatpop:databaseBackupWindow (12:00-10:00)", "chatpop:backupCopyRegion (us-west-2)"],
    mended: { backupCopyRegion: "us-west-2", databaseBackupWindow: "00:00-01:00" },
  },
  {
    name: "a certificate needs a domain",
    broken: { certificateArn },
    says: [`chatpop:certificateArn (${certificateArn})`, "chatpop:domain"],
    mended: { domain: "chat.example.com", certificateArn },
  },
  {
    name: "a zone needs a domain",
    broken: { hostedZone: "example.com" },
    says: ["chatpop:hostedZone (example.com)", "chatpop:domain chat.example.com"],
    mended: { hostedZone: "example.com", domain: "chat.example.com" },
  },
  {
    name: "the domain lies in the zone",
    broken: { domain: "chat.example.com", hostedZone: "ample.com" },
    says: [
      "chatpop:domain (chat.example.com)",
      "chatpop:hostedZone (ample.com)",
      "pulumi config set chatpop:hostedZone example.com",
    ],
    mended: { domain: "chat.example.com", hostedZone: "example.com" },
  },
  {
    name: "a distribution needs the bucket that it hands out",
    broken: { ...mediaDistribution, media: "false" },
    says: ["chatpop:mediaDistribution (true)", "pulumi config set chatpop:media true"],
    mended: mediaDistribution,
  },
  {
    name: "a distribution needs a public key (G-177)",
    broken: { mediaDistribution: "true", secrets: mediaDistribution.secrets },
    says: ["anybody could read all media", "pulumi config set chatpop:mediaPublicKey < "],
    mended: mediaDistribution,
  },
  {
    name: "a distribution needs the private key as a secret, beside the others",
    broken: { ...mediaDistribution, secrets: `{"STRIPE":"${arn}"}` },
    says: [`set chatpop:secrets --plaintext '{"STRIPE":"${arn}","AWS_CLOUDFRONT_KEY_B64":"arn:`],
    mended: mediaDistribution,
  },
  {
    name: "the former key of a distribution is another one than its key",
    broken: { ...mediaDistribution, mediaFormerPublicKey: publicKey.replaceAll("\n", "\r\n") },
    says: ["chatpop:mediaFormerPublicKey", "pulumi config rm chatpop:mediaFormerPublicKey"],
    mended: mediaDistribution,
  },
  {
    name: "a media host name needs a certificate",
    broken: { ...mediaDistribution, mediaDomain: "media.example.com" },
    says: ["chatpop:mediaDomain (media.example.com)", "chatpop:mediaCertificateArn", "us-east-1"],
    mended: { ...mediaDistribution, mediaDomain: "media.example.com", mediaCertificateArn: certificateArn },
  },
  {
    name: "a media certificate needs a host name",
    broken: { ...mediaDistribution, mediaCertificateArn: certificateArn },
    says: ["chatpop:mediaCertificateArn", "pulumi config set chatpop:mediaDomain media.example.com"],
    mended: { ...mediaDistribution, mediaDomain: "media.example.com", mediaCertificateArn: certificateArn },
  },
  {
    name: "a media host name needs a distribution",
    broken: { mediaDomain: "media.example.com", mediaCertificateArn: certificateArn },
    says: ["chatpop:mediaDomain (media.example.com)", "pulumi config set chatpop:mediaDistribution true"],
    needs: 2,
    mended: { ...mediaDistribution, mediaDomain: "media.example.com", mediaCertificateArn: certificateArn },
  },
  {
    name: "storage has ten percent of head room",
    broken: { databaseStorage: "100", databaseMaxStorage: "109" },
    says: [
      "chatpop:databaseMaxStorage (109)",
      "chatpop:databaseStorage (100)",
      "chatpop:databaseMaxStorage 110",
    ],
    mended: { databaseStorage: "100", databaseMaxStorage: "110" },
  },
  {
    name: "nothing is both protected and disposable",
    broken: { disposable: "true", deletionProtection: "true" },
    says: [
      "chatpop:disposable (true)",
      "chatpop:deletionProtection (true)",
      "pulumi config set chatpop:deletionProtection false",
    ],
    mended: { disposable: "true" },
  },
  {
    name: "no minor version that is named where there are replicas",
    broken: { readReplicas: "1", databaseVersion: "16.4" },
    says: ["chatpop:databaseVersion (16.4)", "chatpop:readReplicas (1)", "chatpop:databaseVersion 16"],
    mended: { readReplicas: "1", databaseVersion: "16" },
  },
  {
    name: "a replica needs backups (GAP-51)",
    broken: { readReplicas: "1", databaseBackupDays: "0" },
    says: ["chatpop:readReplicas (1)", "chatpop:databaseBackupDays (0)"],
    mended: { readReplicas: "1", databaseBackupDays: "1" },
  },
  {
    name: "a frontend elsewhere calls over HTTPS",
    broken: { frontendOrigins: `["https://www.example.org"]` },
    says: ["chatpop:frontendOrigins (https://www.example.org)", "chatpop:domain chat.example.com"],
    mended: { frontendOrigins: `["https://www.example.org"]`, domain: "chat.example.com" },
  },
  {
    name: "the refusal of a variable names the settings that decide it",
    broken: { environment: `{"CORS_ALLOWED_ORIGINS":"https://a.example"}` },
    says: ["CORS_ALLOWED_ORIGINS follows chatpop:domain and chatpop:frontendOrigins."],
    mended: {},
  },
  {
    name: "environment leaves the program's own variables alone",
    broken: { environment: `{"REDIS_HOST":"x","KEPT":"y"}` },
    says: ["chatpop:environment sets REDIS_HOST", `pulumi config set chatpop:environment '{"KEPT":"y"}'`],
    mended: { environment: `{"REDIS_HOSTS":"x"}` },
  },
  {
    name: "secrets leave the program's own variables alone",
    broken: { secrets: `{"POSTGRES_PASSWORD":"${arn}"}` },
    says: ["chatpop:secrets sets POSTGRES_PASSWORD", "pulumi config set chatpop:secrets --plaintext '{}'"],
    mended: { secrets: `{"OTHER_PASSWORD":"${arn}"}` },
  },
  {
    name: "what looks like a secret is none of the plain variables (G-188)",
    broken: { environment: `{"OPENAI_API_KEY":"hunter2"}` },
    says: [
      "chatpop:environment sets OPENAI_API_KEY",
      `pulumi config set chatpop:secrets --plaintext '{"OPENAI_API_KEY":"arn:aws:secretsmanager:us-east-1:123456789012:secret:chatpop-a1B2c3"}'`,
      `leave it out here: pulumi config set chatpop:environment '{}'`,
    ],
    mended: { secrets: `{"OPENAI_API_KEY":"${arn}"}` },
  },
  {
    name: "no variable comes from both",
    broken: { environment: `{"STRIPE":"x"}`, secrets: `{"STRIPE":"${arn}"}` },
    says: ["both set STRIPE", "pulumi config set chatpop:environment '{}'"],
    mended: { secrets: `{"STRIPE":"${arn}"}` },
  },
  {
    name: "scheduled limits have a schedule that AWS understands (G-176)",
    broken: { scheduledScaling: limits({ schedule: "cron(0 23 * * *)" }) },
    says: [
      "chatpop:scheduledScaling.night: cron(0 23 * * *) has 5 fields",
      `"schedule":"cron(0 23 * * ? *)"`,
    ],
    mended: { scheduledScaling: limits({ schedule: "at(2030-01-31T20:00:00)" }) },
  },
  {
    name: "scheduled limits have a time zone that exists",
    broken: { scheduledScaling: limits({ timezone: "Europe/Entenhausen" }) },
    says: ["night: Europe/Entenhausen is no time zone", `"timezone":"Europe/Berlin"`],
    mended: { scheduledScaling: limits({ timezone: "Europe/Berlin" }) },
  },
  {
    name: "scheduled minimum ≤ scheduled maximum",
    broken: { scheduledScaling: limits({ minTasks: 5, maxTasks: 4 }) },
    says: ["night: minTasks (5) is above maxTasks (4)", `"minTasks":4`],
    mended: { scheduledScaling: limits({ minTasks: 4, maxTasks: 4 }) },
  },
  {
    name: "scheduled minimum ≤ maximum",
    broken: { scheduledScaling: limits({ minTasks: 7 }) },
    says: ["night: minTasks (7) is above maxTasks (6)"],
    mended: { scheduledScaling: limits({ minTasks: 6 }) },
  },
  {
    name: "no hour has more tasks than the database is sized for (G-138)",
    broken: { scheduledScaling: limits({ maxTasks: 7 }) },
    says: ["night: maxTasks (7) is above chatpop:maxTasks (6)", "chatpop:maxTasks 7"],
    mended: { scheduledScaling: limits({ maxTasks: 6 }) },
  },
  {
    name: "after the night the minimum is raised again (G-176)",
    broken: { scheduledScaling: JSON.stringify({ night: { ...night, minTasks: 1 } }) },
    says: [
      "scheduledScaling.night lowers minTasks to 1, and nothing raises it to chatpop:minTasks (2) again",
      `"morning":{"schedule":"cron(0 7 * * ? *)","minTasks":2}}'`,
    ],
    mended: { scheduledScaling: limits({ minTasks: 1 }) },
  },
  {
    name: "after the night the maximum is raised again (G-176)",
    broken: { scheduledScaling: JSON.stringify({ night: { ...night, maxTasks: 5 } }) },
    says: [
      "scheduledScaling.night lowers maxTasks to 5, and nothing raises it to chatpop:maxTasks (6) again",
    ],
    mended: { scheduledScaling: limits({ maxTasks: 5 }) },
  },
  {
    name: "the outbox comes with its relay, never by hand (GAP-7)",
    broken: { environment: `{"OUTBOX_ENABLED":"True"}` },
    says: ["chatpop:environment sets OUTBOX_ENABLED", "OUTBOX_ENABLED follows chatpop:outbox"],
    mended: { outbox: "true" },
  },
  {
    name: "only a relay that is there is changed",
    broken: { workers: `{"outbox-relay":{"tasks":2}}` },
    says: ["chatpop:workers.outbox-relay: there is no relay", "chatpop:outbox true"],
    mended: { workers: `{"outbox-relay":{"tasks":2}}`, outbox: "true" },
  },
  {
    name: "every other worker has a command",
    broken: { workers: `{"mailer":{"tasks":2}}` },
    says: ["chatpop:workers.mailer has no command"],
    mended: { workers: `{"mailer":{"tasks":2,"command":"./mail"}}` },
  },
  {
    name: "a worker has no more On-Demand tasks than tasks",
    broken: { workers: `{"mailer":{"command":"./mail","tasks":2,"onDemandTasks":3}}` },
    says: ["mailer: onDemandTasks (3) is above tasks (2)"],
    mended: { workers: `{"mailer":{"command":"./mail","tasks":2,"onDemandTasks":2}}` },
  },
  {
    name: "Fargate offers a worker's size",
    broken: { workers: `{"mailer":{"command":"./mail","cpu":256,"memory":4096}}` },
    says: ["mailer: memory (4096) does not go with cpu (256)", "512 to 2048 MiB"],
    mended: { workers: `{"mailer":{"command":"./mail","cpu":256,"memory":512}}` },
  },
  {
    name: "a schedule is one of EventBridge Scheduler's",
    broken: { scheduledCommands: `{"tidy":{"command":"./tidy","schedule":"cron(0 4 * * * *)"}}` },
    says: ["chatpop:scheduledCommands.tidy: cron(0 4 * * * *)", "must be ?"],
    mended: { scheduledCommands: `{"tidy":{"command":"./tidy","schedule":"cron(0 4 * * ? *)"}}` },
  },
  {
    name: "a time zone is one of the IANA database",
    broken: {
      scheduledCommands: `{"tidy":{"command":"./tidy","schedule":"rate(1 day)","timezone":"Entenhausen"}}`,
    },
    says: ["tidy: Entenhausen is no time zone"],
    mended: {
      scheduledCommands: `{"tidy":{"command":"./tidy","schedule":"rate(1 day)","timezone":"Europe/Berlin"}}`,
    },
  },
];

describe("settings together", () => {
  for (const { name, broken, says, mended, needs } of rules) {
    it(`${name}: broken`, () => {
      const message = complaint(broken);
      for (const part of says) expect(message).to.contain(part);
      expect(message).to.match(/pulumi config (set|rm) /);
      // A line of its own for what the remedy itself needs, and for nothing else.
      expect(message!.split("\n"), message).to.have.length(1 + (needs ?? 0));
    });

    it(`${name}: satisfied`, () => expect(complaint(mended)).to.be.undefined);

    it(`${name}: the proposed commands mend it`, () => {
      const proposed: Record<string, string | undefined> = { ...broken };
      for (const [key, text] of commandsIn(complaint(broken)!)) {
        proposed[key] = text === fromFile ? publicKey : text;
      }
      const left = Object.entries(proposed).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      expect(complaint(Object.fromEntries(left))).to.be.undefined;
    });
  }

  it("complain of every broken rule at once", () => {
    const message = complaint({ certificateArn, minTasks: "9", maxTasks: "8" });
    expect(message!.split("\n")).to.have.length(2);
  });

  it("print no value of a variable that looks like a secret", () => {
    expect(complaint({ environment: `{"OPENAI_API_KEY":"hunter2"}` })).not.to.contain("hunter2");
  });

  for (const name of [
    "DB_PASSWORD",
    "AUTH_TOKEN",
    "SSL_PRIVATE_PEM",
    "AWS_ACCESS_KEY",
    "API_KEY",
    "AWS_CLOUDFRONT_KEY_B64",
    "ENCRYPTIONKEY",
    "REDIS_AUTH",
  ]) {
    it(`take ${name} for a secret`, () =>
      expect(complaint({ environment: `{"${name}":"x"}` })).to.contain(name));
  }

  for (const name of [
    "CACHE_KEY_PREFIX",
    "MONKEY",
    "MESSAGE_CACHE_MAX_COUNT",
    "LOG_LEVEL",
    "PUBLIC_KEY_URL",
    "PASSWORD_MIN_LENGTH",
  ]) {
    it(`take ${name} for an open value`, () =>
      expect(complaint({ environment: `{"${name}":"x"}` })).to.be.undefined);
  }

  for (const name of reservedEnvironment) {
    it(`reserve ${name}, as plain text and as a secret`, () => {
      expect(complaint({ environment: `{"${name}":"x"}` })).to.contain(`chatpop:environment sets ${name}`);
      expect(complaint({ secrets: `{"${name}":"${arn}"}` })).to.contain(`chatpop:secrets sets ${name}`);
    });
  }
});

describe("complaints on settings as they were read", () => {
  const complaints = (raw: Raw) => complaintsOn(readSettings(raw)).map((text) => text.split(/[ .]/)[0]);
  const contradiction = { domain: "chat.example.com", hostedZone: "example.org" };

  it("name wrong values, unknown keys and contradictions of the others at once", () => {
    expect(
      complaints({ scale: "small", logRetentionDays: "8", colour: "red", ...contradiction }),
    ).to.deep.equal(["chatpop:logRetentionDays", "chatpop:colour", "chatpop:domain"]);
    expect(complaints({ scale: "small", ...contradiction })).to.deep.equal(["chatpop:domain"]);
  });

  it("leave out contradictions with a wrong value, which another one may not have", () => {
    expect(complaints({ scale: "small", domain: "chat", hostedZone: "example.org" })).to.deep.equal([
      "chatpop:domain",
    ]);
  });

  it("leave out contradictions where a wrong value decides the defaults of others", () => {
    const few = { minTasks: "8", maxTasks: "4" };
    expect(complaints({ scale: "small", ...few })).to.deep.equal(["chatpop:minTasks"]);
    expect(complaints({ scale: "small", ...few, rooms: "5.000" })).to.deep.equal(["chatpop:rooms"]);
    expect(complaints(few)).to.deep.equal(["chatpop:scale"]);
  });
});

describe("Fargate's sizes", () => {
  // AWS, "Task CPU and memory": how many sizes of memory each number of CPU units has.
  for (const [cpu, sizes, least, most] of [
    [256, 3, 512, 2_048],
    [512, 4, 1_024, 4_096],
    [1024, 7, 2_048, 8_192],
    [2048, 13, 4_096, 16_384],
    [4096, 23, 8_192, 30_720],
    [8192, 12, 16_384, 61_440],
    [16384, 12, 32_768, 122_880],
  ] as const) {
    it(`of ${cpu} CPU units are ${sizes}, from ${least} to ${most} MiB`, () => {
      const offered = Array.from({ length: 200_000 }, (_, mebibytes) => mebibytes).filter((memory) =>
        fargateOffers(cpu, memory),
      );
      expect(offered).to.have.length(sizes);
      expect([offered[0], offered.at(-1)]).to.deep.equal([least, most]);
    });
  }

  it("of other numbers of CPU units do not exist", () => expect(fargateOffers(300, 1024)).to.be.false);
});
