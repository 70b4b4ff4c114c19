import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { makePlan } from "../../../stacks/plan";
import { commandsIn, set, typed } from "../../../stacks/settings/remedies";
import { about, parseSettings, type SettingKey, settingKeys, SettingsError } from "../../../stacks/settings";
import { drawPrivateKey, publicKey } from "../../signingKey";

interface Examples {
  /** Text as Pulumi gives it, and what it means. */
  readonly accepted: readonly (readonly [string, unknown])[];
  readonly refused: readonly string[];
}

const wholeNumber = (least: number, most: number): Examples => ({
  accepted: [
    [String(least), least],
    [String(most), most],
  ],
  refused: [String(least - 1), String(most + 1), `${most}.5`, "1e1", "many", "", " 7", "0x10"],
});

const choice = (...values: string[]): Examples => ({
  accepted: values.map((value) => [value, value]),
  refused: ["", values[0]!.toUpperCase() + "?", ` ${values[0]}`],
});

const onOff: Examples = {
  accepted: [
    ["true", true],
    ["false", false],
  ],
  refused: ["yes", "True", "1", ""],
};

const texts = (accepted: readonly string[], refused: readonly string[]): Examples => ({
  accepted: accepted.map((value) => [value, value]),
  refused,
});

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-a1B2c3";
/** CloudFront would take it, the application signs by RSA only. */
const curve = String(
  generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey.export({ type: "spki", format: "pem" }),
);
const networks = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index}/32`);
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const examples: Readonly<Record<SettingKey, Examples>> = {
  scale: choice("small", "medium", "large"),
  rooms: wholeNumber(1, 100_000),
  usersPerRoom: wholeNumber(1, 10_000),
  messagesPerSecond: wholeNumber(1, 1_000_000),
  sizing: choice("guide", "measured"),
  vpcCidr: texts(
    ["10.0.0.0/16", "172.16.8.0/21"],
    [
      "10.0.0.0/15",
      "10.0.0.0/22",
      "10.0.0.1/16",
      "10.0.0.0",
      "::/16",
      "127.0.0.0/16",
      "169.254.0.0/17",
      "224.1.0.0/16",
      "255.0.0.0/16",
      "0.0.0.0/16",
      "",
    ],
  ),
  zones: wholeNumber(2, 4),
  egress: choice("public-ip", "nat", "nat-per-zone"),
  allowedCidrs: {
    accepted: [
      [`["0.0.0.0/0"]`, ["0.0.0.0/0"]],
      [`["10.0.0.0/8","192.0.2.1/32"]`, ["10.0.0.0/8", "192.0.2.1/32"]],
      [JSON.stringify(networks(30)), networks(30)],
    ],
    refused: [
      JSON.stringify(networks(31)),
      "0.0.0.0/0",
      "[]",
      `["10.0.0.1/8"]`,
      `["::/0"]`,
      `"0.0.0.0/0"`,
      "[1]",
      "",
    ],
  },
  flowLogs: choice("reject", "all", "none"),
  domain: texts(
    ["chat.example.com", "a-b.example.co"],
    ["example", "Chat.example.com", "https://chat.example.com", "-a.example.com", "chat.example.com.", ""],
  ),
  hostedZone: texts(
    ["example.com", "eu.example.co", "Z0123456789ABCDEFGHIJ"],
    ["example", "Example.com", "example.com.", "/hostedzone/Z0123456789", "Z", ""],
  ),
  certificateArn: texts(
    [
      "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234",
      "arn:aws:acm:eu-west-1:123456789012:certificate/1",
    ],
    [
      "arn:aws-cn:acm:cn-north-1:123456789012:certificate/1",
      arn,
      "arn:aws:acm:us-east-1:1234:certificate/1",
      "certificate/1",
      "",
    ],
  ),
  frontendOrigins: {
    accepted: [
      ["[]", []],
      [
        `["https://www.example.com","https://a.example:8443"]`,
        ["https://www.example.com", "https://a.example:8443"],
      ],
    ],
    refused: [
      `["http://www.example.com"]`,
      `["https://www.example.com/"]`,
      `["https://www.example.com:443"]`,
      `["https://*.example.com"]`,
      `["https://Www.example.com"]`,
      `["*"]`,
      `["https://a.example","https://a.example"]`,
      "https://www.example.com",
      "",
    ],
  },
  webFirewall: onOff,
  requestsPerAddress: wholeNumber(100, 100_000_000),
  accessLogs: onOff,
  stickiness: choice("app_cookie", "lb_cookie"),
  healthCheckPath: texts(
    ["/admin/login/", "/healthz", "/a?b=c"],
    ["healthz", "/", "/?a", "/a b", "", `/${"a".repeat(1024)}`],
  ),
  image: texts(
    [
      ":1.4.2",
      `@${digest}`,
      "123456789012.dkr.ecr.us-east-1.amazonaws.com/chat:1",
      `ghcr.io/a/b@${digest}`,
      "localhost:5000/chat:1",
    ],
    ["chat", "chat:latest", ":latest", ":", "@sha256:12", "Chat:1", ""],
  ),
  imageContext: texts(["../ChatPop", "/srv/chat pop"], [""]),
  architecture: choice("x86_64", "arm64"),
  taskCpu: {
    accepted: [256, 512, 1024, 2048, 4096, 8192, 16384].map((units) => [String(units), units]),
    refused: ["500", "0.5", ""],
  },
  taskMemory: wholeNumber(512, 122_880),
  server: choice("daphne", "uvicorn"),
  channelLayer: choice("pubsub", "core"),
  frameLimit: wholeNumber(1_024, 16_777_216),
  minTasks: wholeNumber(1, 5_000),
  desiredTasks: wholeNumber(1, 5_000),
  maxTasks: wholeNumber(1, 5_000),
  requestsPerTarget: wholeNumber(1, 1_000_000),
  connectionsPerTask: wholeNumber(1, 100_000),
  scheduledScaling: {
    accepted: [
      ["{}", {}],
      [
        `{"night":{"schedule":"cron(0 23 * * ? *)","timezone":"Europe/Berlin","minTasks":2,"maxTasks":6}}`,
        {
          night: {
            schedule: "cron(0 23 * * ? *)",
            timezone: "Europe/Berlin",
            minTasks: 2,
            maxTasks: 6,
          },
        },
      ],
    ],
    refused: [
      `{"Night":{"schedule":"cron(0 23 * * ? *)","minTasks":2}}`,
      `{"night":{"schedule":"rate(1 day)","minTasks":2}}`,
      `{"night":{"schedule":"cron(0 23 * * ? *)"}}`,
      `{"night":{"schedule":"cron(0 23 * * ? *)","minTasks":0}}`,
      `{"night":{"schedule":"cron(0 23 * * ? *)","minTasks":2,"tasks":3}}`,
      "[]",
      "",
    ],
  },
  environment: {
    accepted: [
      [`{"MESSAGE_CACHE_MAX_COUNT":"200"}`, { MESSAGE_CACHE_MAX_COUNT: "200" }],
      ["{}", {}],
    ],
    refused: [`{"lower":"1"}`, `{"NUMBER":1}`, `{"1A":"1"}`, "[]", "A=1", ""],
  },
  secrets: {
    accepted: [
      [`{"STRIPE_SECRET_KEY":"${arn}"}`, { STRIPE_SECRET_KEY: arn }],
      [`{"A":"${arn}:key::"}`, { A: `${arn}:key::` }],
    ],
    refused: [`{"A":"plain"}`, `{"A":"${arn.slice(0, -7)}"}`, `{"A":"${arn}:key"}`, `{"a":"${arn}"}`, ""],
  },
  outbox: onOff,
  workers: {
    accepted: [
      ["{}", {}],
      [`{"mailer":{"command":"./mail now"}}`, { mailer: { command: "./mail now" } }],
      [
        `{"outbox-relay":{"tasks":3,"onDemandTasks":0,"cpu":256,"memory":512}}`,
        { "outbox-relay": { tasks: 3, onDemandTasks: 0, cpu: 256, memory: 512 } },
      ],
    ],
    refused: [
      `{"Mailer":{"command":"./mail"}}`,
      `{"mailer-":{"command":"./mail"}}`,
      `{"${"m".repeat(31)}":{"command":"./mail"}}`,
      `{"mailer":{"command":"sh -c 'mail'"}}`,
      `{"mailer":{"command":"./mail","tasks":0}}`,
      `{"mailer":{"command":"./mail","tasks":101}}`,
      `{"mailer":{"command":"./mail","onDemandTasks":-1}}`,
      `{"mailer":{"command":"./mail","cpu":300}}`,
      `{"mailer":{"command":"./mail","port":80}}`,
      `{"mailer":"./mail"}`,
      "[]",
      "",
    ],
  },
  scheduledCommands: {
    accepted: [
      ["{}", {}],
      [
        `{"tidy":{"command":"./tidy","schedule":"rate(1 hour)","timezone":"Europe/Berlin"}}`,
        { tidy: { command: "./tidy", schedule: "rate(1 hour)", timezone: "Europe/Berlin" } },
      ],
    ],
    refused: [
      `{"tidy":{"command":"./tidy"}}`,
      `{"tidy":{"schedule":"rate(1 hour)"}}`,
      `{"tidy":{"command":"./tidy","schedule":"daily"}}`,
      `{"tidy":{"command":"./tidy","schedule":"at(2026-01-31T08:00:00)"}}`,
      `{"Tidy":{"command":"./tidy","schedule":"rate(1 hour)"}}`,
      `{"tidy":{"command":"./tidy | mail","schedule":"rate(1 hour)","cpu":256}}`,
      "{",
    ],
  },
  djangoSecretKeyVersion: wholeNumber(1, 1_000_000),
  executeCommand: onOff,
  migrationCommand: texts(
    ["python manage.py migrate --noinput", "./migrate"],
    ["python  manage.py", " migrate", "sh -c 'migrate'", "migrate $HOME", ""],
  ),
  skipEquivalentIndexes: onOff,
  databaseVersion: texts(["15", "15.8", "16", "17.2"], ["14", "18", "15.x", "15.1.1", ""]),
  databaseClass: texts(
    ["db.t4g.medium", "db.m5.24xlarge"],
    [
      "t4g.medium",
      "cache.t3.micro",
      "db.T3.small",
      "db.r7g.xlargee",
      "db.m5.small",
      "db.constructor.large",
      "",
    ],
  ),
  databaseStorage: wholeNumber(20, 59_578),
  smokeTestPath: texts(["/healthz?deep", "/api/status"], ["api", "", "/a b"]),
  availability: choice("standard", "high"),
  adopted: {
    accepted: [
      ["[]", []],
      [`["database","mediaBucket"]`, ["database", "mediaBucket"]],
    ],
    refused: ["database", `["cache"]`, "{}", ""],
  },
  disposable: onOff,
  databaseMaxStorage: wholeNumber(22, 65_536),
  databaseMultiAz: onOff,
  databaseBackupDays: wholeNumber(0, 35),
  databaseBackupWindow: texts(
    ["03:00-04:00", "23:45-00:15"],
    ["3:00-4:00", "03:00", "24:00-01:00", "sun:03:00-sun:04:00", ""],
  ),
  databaseMaintenanceWindow: texts(
    ["sun:05:00-sun:06:00", "sat:23:30-sun:00:30"],
    ["05:00-06:00", "Sun:05:00-Sun:06:00", "sunday:05:00-sunday:06:00", "sun:05:00-06:00", ""],
  ),
  backupCopyRegion: texts(
    ["us-west-2", "ap-southeast-1"],
    ["us-west", "US-WEST-2", "us-west-2a", "us-west-9", "cn-north-1", ""],
  ),
  snapshotIdentifier: texts(
    [
      "chatpop-db-final-0a1b2c3d",
      "rds:chatpop-db-2034aca-2026-01-31-09-07",
      "arn:aws:rds:us-east-1:123456789012:snapshot:shared",
    ],
    ["1st", "a b", "arn:aws:rds:us-east-1:123456789012:db:chatpop-db", "other:snapshot", ""],
  ),
  databasePasswordVersion: wholeNumber(1, 1_000_000),
  databaseProxy: onOff,
  readReplicas: wholeNumber(0, 5),
  finalSnapshot: onOff,
  cacheEngine: choice("redis", "valkey"),
  cacheNodeType: texts(
    ["cache.t4g.small", "cache.m5.4xlarge"],
    ["db.t3.small", "t3.micro", "cache.m5.8xlarge", "cache.t4g.smal", ""],
  ),
  cacheReplicas: wholeNumber(0, 5),
  cacheShards: wholeNumber(1, 20),
  media: onOff,
  mediaDistribution: onOff,
  mediaPublicKey: texts(
    [publicKey, publicKey.trim()],
    ["", "key", curve, publicKey.replace("PUBLIC KEY", "RSA PUBLIC KEY"), publicKey.slice(0, -60)],
  ),
  mediaFormerPublicKey: texts([publicKey], ["", "key", curve]),
  mediaDomain: texts(["media.example.com"], ["", "Media.example.com", "media"]),
  mediaCertificateArn: texts(
    ["arn:aws:acm:us-east-1:123456789012:certificate/1"],
    ["", "arn:aws:acm:eu-central-1:123456789012:certificate/1"],
  ),
  logRetentionDays: {
    accepted: [
      ["7", 7],
      ["14", 14],
      ["30", 30],
    ],
    refused: ["1", "15", "365", "0", ""],
  },
  containerInsights: onOff,
  alarmEmail: texts(
    ["on-call@example.com", "a.b+c@d.example.co"],
    ["on-call", "on-call@example", "a b@example.com", "@example.com", ""],
  ),
  alarmWebhook: texts(
    ["https://events.example.com/sns", "https://hooks.example.com/"],
    ["http://events.example.com/sns", "https://events.example.com", "events.example.com/sns", ""],
  ),
  runbookUrl: texts(
    ["https://wiki.example.com/chatpop", "docs/operations/runbook.md"],
    ["http://wiki.example.com", "https://wiki.example.com/chatpop#alarms", "operations", ""],
  ),
  alarms: {
    accepted: [
      ["{}", {}],
      [`{"database-cpu":{"threshold":85}}`, { "database-cpu": { threshold: 85 } }],
      [
        `{"cache-swap":{"enabled":false,"reason":"seen, harmless"}}`,
        { "cache-swap": { enabled: false, reason: "seen, harmless" } },
      ],
    ],
    refused: [
      `{"cache-swap":{"enabled":false}}`,
      `{"cache-swap":{"enabled":false,"reason":"no"}}`,
      `{"cache-swap":{"enabled":true,"reason":"because I say so"}}`,
      `{"cache-swap":{"threshold":"80"}}`,
      `{"cache-swap":{"threshold":-1}}`,
      `{"cache-swap":{"threshold":1,"enabled":false,"reason":"both at once"}}`,
      `{"cache-swap":{}}`,
      `["cache-swap"]`,
      "cache-swap",
      "",
    ],
  },
  monthlyBudget: wholeNumber(1, 10_000_000),
  deletionProtection: onOff,
  deployRepository: texts(
    ["octo-org/octo.repo", "octo-org@123456/octo-repo@456789"],
    [
      "octo-repo",
      "octo-org/*",
      "octo-org/octo-repo:ref",
      "octo-org@123456/octo-repo",
      "https://github.com/a/b",
      "",
    ],
  ),
  deployEnvironment: texts(["staging", "production-eu.1"], ["*", "prod*", "a:b", "a b", ""]),
};

/** The message of the error that these settings are refused with. */
function refusal(raw: Readonly<Record<string, string>>, secretKeys: readonly string[] = []): string {
  try {
    parseSettings(raw, new Set(secretKeys));
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(raw)}`);
}

const base = { scale: "small" };

describe("settings", () => {
  for (const key of settingKeys) {
    const { accepted, refused } = examples[key];

    it(`${key} takes what is allowed`, () => {
      for (const [text, meaning] of accepted) {
        expect(parseSettings({ ...base, [key]: text })[key], text).to.deep.equal(meaning);
      }
    });

    it(`${key} refuses the rest, and says the key, the value, what is allowed and the remedy`, () => {
      for (const text of refused) {
        const message = refusal({ ...base, [key]: text });
        expect(message).to.match(new RegExp(`^chatpop:${key} is `));
        expect(message).to.contain(JSON.stringify(text.slice(0, 200)).slice(0, -1));
        expect(message).to.contain(`Allowed: ${about(key).allowed}.`);
        expect(message).to.contain(set(key, about(key).nearest?.(text) ?? about(key).example));
        expect(message.split("\n")).to.have.length(1);
      }
    });

    it(`${key}: the remedy that an error proposes is itself accepted`, () => {
      const text = about(key)
        .example.replace(/^'(.*)'$/, "$1")
        .replace("…", "1")
        // A command that reads the value from a file.
        .replace(/^< .*\.pem$/, publicKey);
      expect(parseSettings({ ...base, [key]: text })[key]).not.to.be.undefined;
    });

    it(`${key} is described in one sentence`, () => {
      expect(about(key).description).to.match(/^[A-Z].*\.$/);
    });
  }

  /** The text that the command of an error gives the setting. */
  const remedy = (key: SettingKey, text: string) =>
    commandsIn(refusal({ ...base, [key]: text })).find(([named]) => named === key)?.[1];
  const numbers = (key: SettingKey) =>
    examples[key].accepted.flatMap(([, meaning]) => (typeof meaning === "number" ? [meaning] : []));

  it("that are numbers suggest the nearest that is allowed", () => {
    const numeric = settingKeys.filter((key) => numbers(key).length > 0);
    expect(numeric.length).to.be.greaterThan(20);
    for (const key of numeric) {
      const [least, most] = [Math.min(...numbers(key)), Math.max(...numbers(key))];
      expect(remedy(key, String(most + 1)), key).to.equal(String(most));
      expect(remedy(key, "99999999999999999999"), key).to.equal(String(most));
      expect(remedy(key, `${most}.4`), key).to.equal(String(most));
      expect(remedy(key, String(least - 1)), key).to.equal(String(least));
      expect(remedy(key, "-7"), key).to.equal(String(least));
    }
    expect(remedy("logRetentionDays", "15")).to.equal("14");
    expect(remedy("taskCpu", "3000")).to.equal("2048");
    expect(remedy("rooms", "many")).to.equal("100");
  });

  for (const [key, written, mended] of [
    ["scale", "meduim", "medium"],
    ["databaseClass", "db.t3.smal", "db.t3.small"],
    ["databaseClass", "t3.medium", "db.t3.medium"],
    ["databaseClass", "nonsense", "db.t4g.medium"],
    ["cacheNodeType", "t3.small", "cache.t3.small"],
    ["cacheNodeType", "cache.m5.lrage", "cache.m5.large"],
    ["backupCopyRegion", "eu-centrall-1", "eu-central-1"],
    ["server", "Uvicorn", "uvicorn"],
    ["deletionProtection", "off", "false"],
    ["databaseProxy", "False", "false"],
    ["databaseProxy", "yes", "true"],
  ] as const)
    it(`suggest for ${key} ${written}: ${mended}`, () => expect(remedy(key, written)).to.equal(mended));

  for (const [key, written, mended] of [
    ["workers", '{"mailer":{"command":"./it","tasks":101}}', '{"mailer":{"command":"./it","tasks":100}}'],
    [
      "workers",
      '{"a":{"cpu":300,"memory":200},"b":{"tasks":0}}',
      '{"a":{"cpu":256,"memory":512},"b":{"tasks":1}}',
    ],
    ["workers", '{"a":{"tasks":100.6}}', '{"a":{"tasks":100}}'],
    [
      "scheduledScaling",
      '{"night":{"schedule":"cron(0 23 * * ? *)","minTasks":2,"maxTasks":9000}}',
      '{"night":{"schedule":"cron(0 23 * * ? *)","minTasks":2,"maxTasks":5000}}',
    ],
    ["alarms", '{"database-cpu":{"threshold":-5}}', '{"database-cpu":{"threshold":0}}'],
  ] as const)
    it(`suggest the nearest number within ${key}: ${mended}`, () =>
      expect(remedy(key, written)).to.equal(mended));

  it("suggest the example where more than a number is wrong", () => {
    expect(remedy("workers", '{"a":{"tasks":101,"colour":"red"}}')).to.equal(
      about("workers").example.slice(1, -1),
    );
  });

  const structured = settingKeys.filter((key) => /^'[[{]/.test(about(key).example));

  it("in JSON are refused with the name __proto__ at any depth, and say so", () => {
    expect(structured).to.include.members(["environment", "secrets", "workers", "alarms", "adopted"]);
    for (const key of structured) {
      const example = about(key).example.slice(1, -1);
      for (const text of [
        '{"__proto__":{"threshold":1}}',
        '{"\\u005f_proto__":"x"}',
        example.replace(/[[{]/, (open) => (open === "{" ? '{"__proto__":{},' : '[{"__proto__":[]},')),
        '{"a":{"__proto__":{"command":"./it"}}}',
      ])
        expect(refusal({ ...base, [key]: text }), text)
          .to.match(new RegExp(`^chatpop:${key} is `))
          .and.to.contain("__proto__ cannot be a name in it. Allowed: ");
    }
  });

  it("in JSON take no other name of JavaScript's for one of theirs", () => {
    for (const key of structured)
      for (const name of ["constructor", "toString", "hasOwnProperty", "valueOf"]) {
        const value = Object.values(JSON.parse(about(key).example.slice(1, -1)) as object)[0] as unknown;
        const text = JSON.stringify({ [name]: value });
        try {
          makePlan(parseSettings({ ...base, [key]: text }));
        } catch (error) {
          expect(error, `${key} ${text}`).to.be.instanceOf(SettingsError);
        }
      }
  });

  it("are left open by what is not given, and by auto", () => {
    expect(parseSettings({ ...base })).to.deep.equal({ scale: "small" });
    const automatic = Object.fromEntries(settingKeys.map((key) => [key, "auto"]));
    expect(parseSettings({ ...automatic, ...base })).to.deep.equal({ scale: "small" });
  });

  it("need a scale", () => {
    for (const raw of [{}, { scale: "auto" }] as Record<string, string>[]) {
      expect(refusal(raw))
        .to.contain("chatpop:scale")
        .and.to.contain("pulumi config set chatpop:scale small");
    }
    expect(refusal({})).to.contain("chatpop:scale is missing");
  });

  it("refuse a key that does not exist, and say which one may have been meant", () => {
    expect(refusal({ ...base, room: "5" })).to.equal(
      "chatpop:room is not a setting. Did you mean chatpop:rooms? Remove it with: pulumi config rm chatpop:room",
    );
    expect(refusal({ ...base, Databaseclass: "5" })).to.contain("Did you mean chatpop:databaseClass?");
  });

  it("have commands for the stack at hand, and for offline runs", () => {
    const message = refusal({ ...base, rooms: "0", environment: "x" });
    expect(typed(message, "medium"))
      .to.contain("Set it with: pulumi config set --stack medium chatpop:rooms 1\n")
      .and.to.contain("Set it with: pulumi config set --stack medium chatpop:environment '{");
    expect(typed(refusal({ ...base, room: "5" }), "small", "offline/pulumi")).to.match(
      /Remove it with: offline\/pulumi config rm --stack small chatpop:room$/,
    );
  });

  const inside: readonly (readonly [string, unknown, string])[] = [
    [
      "workers",
      { mailer: { comand: "a" } },
      'mailer has no "comand", only command, tasks, onDemandTasks, cpu and memory. Did you mean "command"?',
    ],
    ["workers", { mailer: { cpu: 300 } }, "mailer.cpu is 300: allowed are 256, 512, 1024,"],
    ["workers", { mailer: { tasks: 500 } }, "mailer.tasks is 500: at most 100."],
    ["workers", { mailer: { memory: "x" } }, 'mailer.memory is "x", not a number.'],
    ["workers", { mailer: 5 }, "mailer is 5, not an object."],
    ["workers", { Mailer: {} }, 'The name "Mailer" is not allowed.'],
    ["scheduledCommands", { clean: { command: "a" } }, "clean lacks schedule."],
    ["scheduledScaling", { night: { schedul: "cron(0 1 * * ? *)" } }, 'Did you mean "schedule"?'],
    [
      "alarms",
      { "database-cpu": { treshold: 5 } },
      'database-cpu has no "treshold", only threshold, enabled and',
    ],
    ["alarms", { "database-cpu": { enabled: false } }, "database-cpu lacks reason."],
    ["alarms", { "database-cpu": { enabled: false, reason: "x" } }, 'reason is "x": at least 10 characters.'],
    ["alarms", { "database-cpu": {} }, "database-cpu lacks threshold, or else enabled and reason."],
    ["environment", { A: { b: 1 } }, 'A is {"b":1}, not a text.'],
    ["adopted", ["databse"], 'entry 1 is "databse": allowed are database,'],
    ["allowedCidrs", ["10.0.0.0/8", "x"], 'entry 2 is "x".'],
  ];
  for (const [key, value, words] of inside) {
    it(`name what is wrong inside of ${key}: ${words}`, () => {
      const text = JSON.stringify(value);
      expect(refusal({ ...base, [key]: text })).to.contain(words);
      expect(refusal({ ...base, [key]: text }, [key])).not.to.contain(words);
    });
  }

  it("print no private key from inside of one", () => {
    const message = refusal({ ...base, environment: JSON.stringify({ A: { key: drawPrivateKey() } }) });
    expect(message).to.contain("A is a private key, not a text.");
    expect(message).not.to.contain("BEGIN");
  });

  it("list all keys when nothing comes close to one that does not exist", () => {
    const message = refusal({ ...base, qqqqqqqq: "5" });
    expect(message).to.contain("pulumi config rm chatpop:qqqqqqqq").and.not.to.contain("Did you mean");
    for (const key of settingKeys) expect(message).to.contain(key);
  });

  it("name every mistake at once, each one once", () => {
    const message = refusal({ ...base, rooms: "0", zones: "9", allowedCidrs: `["a","b"]`, nonsense: "1" });
    const keys = [...message.matchAll(/^chatpop:(\w+)/gm)].map(([, key]) => key);
    expect(keys).to.have.members(["rooms", "zones", "allowedCidrs", "nonsense"]);
  });

  it("print no secret value", () => {
    const message = refusal({ ...base, environment: "hunter2" }, ["environment"]);
    expect(message).to.contain("chatpop:environment has a secret value that is not allowed");
    expect(message).not.to.contain("hunter2");
  });

  it("print no private key that was taken for the public one", () => {
    const privateKey = drawPrivateKey();
    const message = refusal({ ...base, mediaPublicKey: privateKey });
    expect(message).to.contain("chatpop:mediaPublicKey is a private key.");
    expect(message).not.to.contain(privateKey.split("\n")[1]);
  });

  it("cut a long value short", () => {
    expect(refusal({ ...base, domain: "x".repeat(5_000) }).length).to.be.below(1_000);
  });

  it("are frozen", () => expect(parseSettings(base)).to.be.frozen);

  it("are either read or refused in words, whatever the text", () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingKeys), fc.string(), (key, text) => {
        try {
          parseSettings({ ...base, [key]: text });
        } catch (error) {
          expect(error).to.be.instanceOf(SettingsError);
          expect((error as Error).message).to.contain(`chatpop:${key}`);
        }
      }),
    );
  });
});
