/** Name endings of variables whose values only the application should read. */
const secretName =
  /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|PRIVATE_?(KEY|PEM)|(API|ACCESS|SECRET|ENCRYPTION|SIGNING|MASTER|AUTH)_?KEY|ACCESS_?KEY_ID|KEY_B64|_(PASS|PWD|AUTH))(_?\d+)?$/i;

/** A key of AWS, a private key, or an address with a password in it, perhaps without a user: `redis://:password@cache`. */
const secretValue = /^(AKIA|ASIA)[A-Z0-9]{16}$|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]*:[^/\s@]+@/;

/** Values that are never secret, whatever the name: an empty text, a switch, the ARN of a secret. */
const openValue = /^(|true|false|yes|no|on|off|arn:.*)$/i;

/** Whether a variable looks as if its value should not be readable by everybody who may see a task definition. */
export const looksSecret = (name: string, value: string): boolean =>
  !openValue.test(value) && (secretName.test(name) || secretValue.test(value));
