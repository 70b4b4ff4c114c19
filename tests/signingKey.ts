import { generateKeyPairSync } from "node:crypto";

/** Draws a key pair as an operator does for the signed URLs of media. */
const draw = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
export const { publicKey, privateKey } = draw();
/** The public key of another pair. */
export const otherPublicKey = draw().publicKey;

const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:media-signing-key-a1B2c3";

/** Settings that put CloudFront before the media. */
export const mediaDistribution = {
  mediaDistribution: "true",
  mediaPublicKey: publicKey,
  secrets: JSON.stringify({ AWS_CLOUDFRONT_KEY_B64: secretArn }),
} as const;
