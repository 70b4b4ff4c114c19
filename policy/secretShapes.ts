import { looksSecret } from "../aws/secretVariables";

/**
 * Forms of providers' keys and tokens, by their prefixes, which exist for scanners (each from the provider's own
 * documentation of its formats).
 */
const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["an access key of AWS", /\b(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a token of GitHub", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/],
  ["a token of GitLab", /\bgl(pat|dt|rt|ptt|cbt|soat|ft)-[\w-]{20,}/],
  ["a token of Slack", /\b(xox[abeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,})/],
  ["a webhook of Slack", /hooks\.slack\.com\/(services|workflows|triggers)\/\w+\/\w+/],
  ["a webhook of Discord", /discord(app)?\.com\/api\/webhooks\/\d+\/[\w-]+/],
  ["a key of Stripe", /\b([sr]k_(live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{16,})/],
  ["a key of OpenAI", /\bsk-(proj|svcacct|admin)?-?[\w-]{20,}/],
  ["a key of Anthropic", /\bsk-ant-[\w-]{16,}/],
  ["a key of Google", /\bAIza[\w-]{35}\b|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}/],
  ["a key of SendGrid", /\bSG\.[\w-]{16,}\.[\w-]{16,}/],
  ["a key of Mailgun", /\bkey-[0-9a-f]{32}\b/],
  ["a key of Mailchimp", /\b[0-9a-f]{32}-us\d{1,2}\b/],
  ["a key of Twilio", /\bSK[0-9a-f]{32}\b/],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a token of PyPI", /\bpypi-AgEIc[\w-]{20,}/],
  ["a token of Docker Hub", /\bdckr_(pat|oat)_[\w-]{20,}/],
  ["a token of Hugging Face", /\bhf_[A-Za-z0-9]{30,}/],
  ["a token of Shopify", /\bshp(at|ca|pa|ss)_[0-9a-fA-F]{32}\b/],
  ["a token of Square", /\bsq0(atp|csp)-[\w-]{22,}/],
  ["a token of DigitalOcean", /\bdo[opr]_v1_[0-9a-f]{64}\b/],
  ["a token of Sentry", /\bsntry[su]_[\w+/=-]{20,}/],
  ["a key of Datadog or New Relic", /\b(NRAK-[A-Z0-9]{27}|NRII-[\w-]{32})/],
  ["a token of Telegram", /\b\d{8,10}:AA[\w-]{33}\b/],
  ["a token of HashiCorp", /\b(hvs|hvb)\.[\w-]{20,}|\b[\w]{14}\.atlasv1\.[\w-]{40,}/],
  ["a token of Grafana", /\bglsa_\w{32}_\w{8}\b|\bglc_[\w+/=]{32,}/],
  ["a token of Linear", /\blin_(api|oauth)_[A-Za-z0-9]{40}/],
  ["a token of Notion", /\bntn_[A-Za-z0-9]{40,}|\bsecret_[A-Za-z0-9]{43}\b/],
  ["a token of Airtable", /\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b/],
  ["a token of Databricks", /\bdapi[0-9a-f]{32}\b/],
  ["a key of Cloudflare", /\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b/],
  ["a key of Postman", /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b/],
  ["a token of Doppler", /\bdp\.(pt|st|ct|sa|scim|audit)\.[\w.-]{40,}/],
  ["a password of PlanetScale", /\bpscale_(tkn|pw|oauth)_[\w=.-]{32,}/],
  ["a token of Supabase", /\bsbp_[0-9a-f]{40}\b|\bsb_secret_[\w-]{20,}/],
  ["a token of Figma", /\bfig(d|o[rh]?)_[\w-]{40,}/],
  ["a token of Atlassian", /\bATATT3[\w=-]{100,}/],
  ["a key of Azure", /\b(AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}=*/],
  ["a token of Heroku", /\bHRKU-[\w-]{36,}/],
  ["a key of RubyGems", /\brubygems_[0-9a-f]{48}\b/],
  ["a key of a language model's provider", /\b(gsk_|r8_|xai-|pplx-)[A-Za-z0-9]{32,}/],
  ["a key of a mail provider", /\b(xkeysib-[0-9a-f]{64}-\w{16}|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24})\b/],
  ["a token of Mapbox", /\bsk\.eyJ[\w-]{20,}\.[\w-]{20,}/],
  ["a token of Pulumi", /\bpul-[0-9a-f]{40}\b/],
  ["a token of Netlify", /\bnfp_[A-Za-z0-9]{36,}/],
  ["a token of Dynatrace", /\bdt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}/],
  ["a key of age", /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/],
  ["a signed token (JWT)", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ["a bearer token", /\bBearer [\w.~+/-]{16,}/],
  ["an address with a password", /:\/\/[^/\s:@"']*:[^/\s@"']+@/],
];

/** Kind of secret in a text; undefined without one. The text itself is never shown. */
export const secretIn = (text: string): string | undefined =>
  shapes.find(([, shape]) => shape.test(text))?.[0];

/** Names that mean a secret besides those that the settings refuse: whole words between underscores. */
const secretWords =
  /(^|_)(PASS|PWD|PW|PASSWD|PASSWORD|PASSPHRASE|SECRETS?|TOKENS?|SALT|PEPPER|APIKEY|CREDENTIALS?|WEBHOOK_(URL|SECRET)|CONNECTION_STRING|PRIVATE|PRIVATE_KEY|SECRET_KEY_BASE|FERNET_KEY|LICENSE_KEY|SIGNING_SECRET|KEY)(_?\d+)?$/i;
/** Endings that do not change the meaning of a secret's name, such as that of a former secret or of an environment. */
const qualifier =
  /(_(OLD|NEW|PREV|PREVIOUS|CURRENT|FALLBACKS?|BACKUP|PRIMARY|SECONDARY|LIVE|PROD|PRODUCTION|STAGING|DEV|TEST|V?\d+|B64|BASE64|HEX|PLAIN|PLAINTEXT))+$/i;
const harmless = /PUBLIC|(^|_)(SORT|CACHE|PARTITION|PRIMARY|FOREIGN|INDEX|HOST)_KEY$|KEY_?(PREFIX|ID|NAME)$/i;
/** A value that only an unguessable text has; a number, a word or a path is something else. */
const unguessable = /^(?=\S{6,}$)(?!(true|false|yes|no|on|off|none|null)$)(?!arn:|\/|https?:\/\/[^@]*$)/i;

/** Whether a variable keeps a secret openly: by its name, or by what its value looks like. */
export function isOpenSecret(name: string, value: string): boolean {
  if (looksSecret(name, value) || secretIn(value) !== undefined) return true;
  const bare = name.replace(qualifier, "");
  return secretWords.test(bare) && !harmless.test(bare) && unguessable.test(value) && !/^\d+$/.test(value);
}

/** A password on a command line: `--password x`, `--password=x`, `PGPASSWORD=x psql`; a reference to a variable is none. */
const option = /(?:^|[\s"'])--?([A-Za-z][\w-]*)(?:=|\s+)["']?([^\s"'-][^\s"']*)/g;
const member = /"([\w-]+)"\s*:\s*"([^"]+)"/g;
const assignment = /(?:^|[\s"';])([A-Za-z_]\w*)=["']?([^\s"']+)/g;

/**
 * Options that mean a password to one program only: `curl -u name:x`, `redis-cli -a x`, `sshpass -p x`, `docker login -p x`,
 * and `mysql -px`, which is written as one word.
 */
const ofPrograms: readonly RegExp[] = [
  /\b(?:curl|wget|http)\b[^|;&]*\s(?:-\w*u|--user|-a|--auth)[\s=]*["']?(?<name>[\w.@-]+):(?<value>[^\s"']+)/,
  /\b(?:redis|valkey)-cli\b[^|;&]*\s-a\s+["']?(?<value>[^\s"']+)/,
  /\b(?:sshpass|docker login|podman login|helm registry login)\b[^|;&]*\s-p\s*["']?(?<value>[^\s"']+)/,
  /\b(?:mysql\w*|mariadb[\w-]*)\b[^|;&]*\s-p["']?(?<value>[^\s"']+)/,
];

/** A reference to a variable, or a place-holder for a value. */
const isReference = (value: string) => /^[$<{(]|^\*+$/.test(value);

/** Names within a value that mean a password whatever stands around them: `host=db password=x`, `Uid=chat;Pwd=x`. */
const ofPasswords = /PASS|PWD|SECRET|TOKEN/i;

/** What a variable's value tells openly besides its own name and shape: the password among the parts of an address. */
export const passwordWithin = (value: string): boolean =>
  /^\s*\w+\s*=/.test(value) &&
  value.split(/[\s;]+/).some((part) => {
    const [, name = "", text = ""] = /^(\w+)=["']?([^"']+)/.exec(part) ?? [];
    return ofPasswords.test(name) && !isReference(text) && isOpenSecret(name, text);
  });

/** Secrets in plain text of a command, options of a log driver, or a start-up script. */
export function openSecretsIn(text: string): readonly string[] {
  const shaped = secretIn(text);
  const ofProgram = ofPrograms.some((each) => {
    const value = each.exec(text)?.groups?.["value"];
    return value !== undefined && !isReference(value);
  });
  const named = [...text.matchAll(option), ...text.matchAll(assignment), ...text.matchAll(member)]
    .filter(
      ([, name = "", value = ""]) => !isReference(value) && isOpenSecret(name.replaceAll("-", "_"), value),
    )
    .map(([, name = ""]) => name);
  return [...new Set([...(shaped ? [shaped] : []), ...(ofProgram ? ["a password"] : []), ...named])];
}
