import { generateKeyPairSync } from "node:crypto";

/** Public key of a pair as an operator draws it for the signed URLs of media; drawing one anew takes up to a second. */
export const publicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAyQVT9Abls0iT6DhupBmC
aIJhBUYv69yY/HenLtsCK034HGBDBTMtLbDQjhqiGiKegYXOYP1RkVlAqBtG4DSr
hH0kTAlIgDQ1mdKebhigojpgQBwMvtvDWjL9MrxWCwp4udGp4R8zKQq85RGTufR3
G9IgHlmd/nPm6yYTbRFATkg3gYLhsgUNHeBeGcwBRyRWikGyMHyf7KEHVjLWqPJ5
Z34wqqT7KT8+mRMaWXYY9RnEpSAgusUbjopvhnCXWh0DBL6i93/jNRQC1U6YwcI5
k6VBwKavI+IU8biieOI/8u0zq0uQbhHRvls3QAnpEyFrReEPHSB6asPYmUFjgqel
BQIDAQAB
-----END PUBLIC KEY-----
`;

/** The public key of another pair. */
export const otherPublicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1XJn2Y3a9S71ySHqcdTs
8WjxGp0CsW5IEM/TMc2e4U9E5mT9aanstpMlxrb2h4IDbqy6w6JGbHRZN2C+8CJI
4IITMDlSBZlt9c3kQ8JFShc3HSIbccmTAew68WzCeuFrPJqFQeR3TMjfRn/z+qZi
Uky668LY4830J8Ahq6D8AMxUQ8hcFGaFBwjF3m9PsoL8oj3etVSnmV0THLp638SO
n0A6SALYjRkyzoojnp6YJ0gd0NLrt6YK3kQe4Pqvcx1qlrZzyQ7cA4WArTKsTrG7
vbzSPLk0P9wW0zRF2+LczYG0fB7JZw4vq2zX4c0HxLgzeqbzskMBcDEfoqkbgrIj
awIDAQAB
-----END PUBLIC KEY-----
`;

/** A private key, drawn anew: none stands in a file. */
export const drawPrivateKey = (): string =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;

const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:media-signing-key-a1B2c3";

/** Settings that put CloudFront before the media. */
export const mediaDistribution = {
  mediaDistribution: "true",
  mediaPublicKey: publicKey,
  secrets: JSON.stringify({ AWS_CLOUDFRONT_KEY_B64: secretArn }),
} as const;
