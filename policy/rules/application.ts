import { containers } from "../containers";
import { resourceRule } from "../rule";
import { types } from "../../aws/types";
import { type Finding, findingIn, type Properties } from "../values";

/** Judges the values of variables by name, wherever they are in a task; an unknown one hides no other. */
const variables = (properties: Properties, judge: (name: string, value: string) => Finding): Finding =>
  findingIn(containers(properties), ({ environment }) =>
    findingIn(environment, ({ name, value }) => judge(name, value)),
  );

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
  },
  [
    (properties) =>
      commands(
        properties,
        (words) =>
          words.some((word) => /(^|\s)runserver(\s|$)/.test(word)) && "runs Django's development server",
      ),
    (properties) =>
      variables(
        properties,
        (name, value) =>
          name === "DJANGO_SETTINGS_MODULE" &&
          /(^|[._])(dev|devel|development|local|debug|tests?|testing)$/i.test(value) &&
          `${name} is ${value}, the settings of a developer`,
      ),
    (properties) =>
      variables(
        properties,
        (name, value) =>
          /^(DEBUG|(DJANGO|FLASK|APP|CHATPOP)_DEBUG)$/i.test(name) && isTrue(value) && `${name} is ${value}`,
      ),
    {
      of: "chatpop",
      judge: (properties) =>
        variables(
          properties,
          (name, value) =>
            /(^|_)LOG(GING)?_?LEVEL$/i.test(name) &&
            /^(debug|trace|all)$/i.test(value) &&
            `${name} ${value} writes what users say into the log`,
        ),
    },
    {
      of: "chatpop",
      judge: (properties) =>
        commands(
          properties,
          (words) =>
            /(^|\s)--?log-?level[\s=](debug|trace)(\s|$)/i.test(words.join(" ")) &&
            "its command writes what users say into the log (log level debug)",
        ),
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
  },
  [
    (properties) =>
      variables(
        properties,
        (name, value) =>
          /^(DJANGO_)?ALLOWED_HOSTS$/i.test(name) &&
          listed(value).some((host) => isAnyHost(host.replace(/^\./, "*."))) &&
          `${name} is ${value}: the application believes every Host header`,
      ),
    (properties) =>
      variables(properties, (name, value) => {
        if (/^CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/i.test(name) && isTrue(value))
          return `${name} is ${value}: every site may call in a user's name`;
        return (
          /^(CORS_ALLOWED_ORIGINS|CSRF_TRUSTED_ORIGINS|ALLOWED_ORIGINS)$/i.test(name) &&
          listed(value).some((origin) => isAnyHost(origin.replace(/^https?:\/\//, ""))) &&
          `${name} lets every site in`
        );
      }),
  ],
);

const isFalse = (value: string) => /^(0|false|no|off|f|n|none)$/i.test(value.trim());

/** Whether a variable makes a program believe whoever answers: each language has its own for it. */
const takesAnyCertificate = (name: string, value: string): boolean =>
  (/^(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)$/i.test(name) && value.trim() === "0") ||
  (/(SSL|TLS|CERTS?|HTTPS)_VERIFY$|_VERIFY_(SSL|TLS|CERTS?|HTTPS)$|^VERIFY_(SSL|TLS|CERTS?)$|(SSL|TLS)_CERT_REQS$/i.test(
    name,
  ) &&
    isFalse(value)) ||
  (/((SSL|TLS|CERTS?)_(NO|SKIP)_VERIFY|SKIP_(SSL|TLS|CERT)?_?VERIFY(_SSL|_TLS)?|(SSL|TLS)_INSECURE(_SKIP_VERIFY)?|INSECURE_(SSL|TLS|SKIP_VERIFY))$/i.test(
    name,
  ) &&
    isTrue(value));

export const connectionsEncrypted = resourceRule(
  {
    name: "connections-encrypted",
    type: types.taskDefinition,
    description: "Tasks speak TLS with the database, and check nothing away",
    severity: "high",
    requirements: ["GAP-26"],
    remedy: 'POSTGRES_SSLMODE: "require" or stricter, and no sslmode=disable in an address',
  },
  [
    (properties) =>
      variables(properties, (name, value) => {
        const isMode = /SSL_?MODE$/i.test(name);
        if (isMode && /^(disable|allow|prefer)$/i.test(value))
          return `${name} ${value} lets messages travel openly`;
        if (/(^|_)(USE|ENABLE|REQUIRE)?_?(SSL|TLS)$/i.test(name) && isFalse(value))
          return `${name} is ${value}`;
        if (
          /(SECURE_SSL_REDIRECT|SESSION_COOKIE_SECURE|CSRF_COOKIE_SECURE)$/i.test(name) &&
          /^(0|false|no|off)$/i.test(value)
        )
          return `${name} is ${value}`;
        if (takesAnyCertificate(name, value)) return `${name} is ${value}: any certificate will do`;
        return (
          /sslmode=(disable|allow|prefer)\b/i.test(value) &&
          `${name} has an sslmode that lets messages travel openly`
        );
      }),
  ],
);
