import { containers } from "../containers";
import { resourceRule } from "../rule";
import { types } from "../../aws/types";
import { type Finding, findingIn, type Properties } from "../values";

/** Judges the values of variables by name, wherever they are in a task; an unknown one hides no other. */
const variables = (properties: Properties, judge: (name: string, value: string) => Finding): Finding =>
  findingIn(containers(properties), ({ environment }) =>
    findingIn(environment, ({ name, value }) => judge(name, value)),
  );

/** Judges the variables of some names; without one of them there is nothing to judge. */
const named = (
  properties: Properties,
  names: RegExp,
  judge: (name: string, value: string) => Finding,
): Finding => variables(properties, (name, value) => (names.test(name) ? judge(name, value) : undefined));

/** Judges the words of every command. */
const commands = (properties: Properties, judge: (words: readonly string[]) => Finding): Finding =>
  findingIn(containers(properties), ({ entryPoint, command }) => judge([...entryPoint, ...command]));

/** Names in a list, as variables hold one: with commas, or in JSON or Python's notation. */
const listed = (value: string): readonly string[] =>
  value.split(",").map((each) => each.replace(/^[\s[("']+|[\s\])"']+$/g, ""));

/** Whether a name with a star takes in hosts of others: all, all of a top-level domain, or all that AWS gives names to. */
const isAnyHost = (host: string): boolean =>
  /^\*(\.[\w-]+)?$|^\*\.([\w.-]+\.)?(amazonaws|cloudfront)\.\w+$/i.test(host);

const isTrue = (value: string) => /^(1|true|yes|on|t|y)$/i.test(value.trim());

export const debugOff = resourceRule(
  {
    name: "debug-off",
    type: types.taskDefinition,
    description: "No container runs in debug mode, which shows settings and code to whoever causes an error",
    severity: "high",
    requirements: ["G-67"],
    remedy: 'DEBUG: "False", and a log level of INFO or above',
    subject: "variable like DEBUG or DJANGO_SETTINGS_MODULE, and no command of manage.py",
  },
  [
    (properties) =>
      commands(properties, (words) =>
        words.some((word) => /\bmanage\.py\b|\bdjango-admin\b/.test(word))
          ? words.some((word) => /(^|\s)runserver(\s|$)/.test(word)) && "runs Django's development server"
          : undefined,
      ),
    (properties) =>
      named(
        properties,
        /^DJANGO_SETTINGS_MODULE$/,
        (name, value) =>
          /(^|[._])(dev|devel|development|local|debug|tests?|testing)$/i.test(value) &&
          `${name} is ${value}, the settings of a developer`,
      ),
    (properties) =>
      named(
        properties,
        /^(DEBUG|(DJANGO|FLASK|APP|CHATPOP)_DEBUG)$/i,
        (name, value) => isTrue(value) && `${name} is ${value}`,
      ),
    {
      of: "chatpop",
      judge: (properties) =>
        named(
          properties,
          /(^|_)LOG(GING)?_?LEVEL$/i,
          (name, value) =>
            /^(debug|trace|all)$/i.test(value) && `${name} ${value} writes what users say into the log`,
        ),
    },
    {
      of: "chatpop",
      judge: (properties) =>
        commands(properties, (words) => {
          const [, level] = /(?:^|\s)--?log-?level[\s=](\w+)/i.exec(words.join(" ")) ?? [];
          if (level === undefined) return undefined;
          return (
            /^(debug|trace)$/i.test(level) &&
            "its command writes what users say into the log (log level debug)"
          );
        }),
    },
  ],
);

export const hostsNamed = resourceRule(
  {
    name: "hosts-named",
    type: types.taskDefinition,
    description: "The application answers to its own names, and to no other site's scripts",
    severity: "high",
    requirements: ["G-66"],
    remedy: "ALLOWED_HOSTS and the CORS and CSRF origins: the names under which the application is reached",
    subject: "variable like ALLOWED_HOSTS, CORS_ALLOWED_ORIGINS or CSRF_TRUSTED_ORIGINS",
  },
  [
    (properties) =>
      named(
        properties,
        /^(DJANGO_)?ALLOWED_HOSTS$/i,
        (name, value) =>
          listed(value).some((host) => isAnyHost(host.replace(/^\./, "*."))) &&
          `${name} is ${value}: the application believes every Host header`,
      ),
    (properties) =>
      named(
        properties,
        /^CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/i,
        (name, value) => isTrue(value) && `${name} is ${value}: every site may call in a user's name`,
      ),
    (properties) =>
      named(
        properties,
        /^(CORS_ALLOWED_ORIGINS|CSRF_TRUSTED_ORIGINS|ALLOWED_ORIGINS)$/i,
        (name, value) =>
          listed(value).some((origin) => isAnyHost(origin.replace(/^https?:\/\//, ""))) &&
          `${name} lets every site in`,
      ),
  ],
);

const isFalse = (value: string) => /^(0|false|no|off|f|n|none)$/i.test(value.trim());

/** Variables by which a program believes whoever answers: each language has its own for it. */
const verifies =
  /(SSL|TLS|CERTS?|HTTPS)_VERIFY$|_VERIFY_(SSL|TLS|CERTS?|HTTPS)$|^VERIFY_(SSL|TLS|CERTS?)$|(SSL|TLS)_CERT_REQS$/i;
const verifiesNothing =
  /((SSL|TLS|CERTS?)_(NO|SKIP)_VERIFY|SKIP_(SSL|TLS|CERT)?_?VERIFY(_SSL|_TLS)?|(SSL|TLS)_INSECURE(_SKIP_VERIFY)?|INSECURE_(SSL|TLS|SKIP_VERIFY))$/i;

export const connectionsEncrypted = resourceRule(
  {
    name: "connections-encrypted",
    type: types.taskDefinition,
    description: "Tasks speak TLS with the database, and check nothing away",
    severity: "high",
    requirements: ["GAP-26"],
    remedy: 'POSTGRES_SSLMODE: "require" or stricter, and no sslmode=disable in an address',
    subject: "variable like POSTGRES_SSLMODE, DATABASE_URL with sslmode, or NODE_TLS_REJECT_UNAUTHORIZED",
  },
  [
    (properties) =>
      named(
        properties,
        /SSL_?MODE$/i,
        (name, value) =>
          /^(disable|allow|prefer)$/i.test(value) && `${name} ${value} lets messages travel openly`,
      ),
    (properties) =>
      named(
        properties,
        /(^|_)(USE|ENABLE|REQUIRE)?_?(SSL|TLS)$|(SECURE_SSL_REDIRECT|SESSION_COOKIE_SECURE|CSRF_COOKIE_SECURE)$/i,
        (name, value) => isFalse(value) && `${name} is ${value}`,
      ),
    (properties) =>
      named(
        properties,
        // Node.js and Python know no other word for it than 0.
        /^(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)$/i,
        (name, value) => value.trim() === "0" && `${name} is ${value}: any certificate will do`,
      ),
    (properties) =>
      named(
        properties,
        verifies,
        (name, value) => isFalse(value) && `${name} is ${value}: any certificate will do`,
      ),
    (properties) =>
      named(
        properties,
        verifiesNothing,
        (name, value) => isTrue(value) && `${name} is ${value}: any certificate will do`,
      ),
    (properties) =>
      variables(properties, (name, value) => {
        const [, mode] = /\bsslmode=([\w-]+)/i.exec(value) ?? [];
        if (mode === undefined) return undefined;
        return (
          /^(disable|allow|prefer)$/i.test(mode) && `${name} has an sslmode that lets messages travel openly`
        );
      }),
  ],
);
