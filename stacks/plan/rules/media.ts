import type { Rule } from "./rule";
import { asStored } from "../media";
import { set } from "../../settings/remedies";

/** Variable with the private key, in base64, that the application signs URLs with. */
export const signingKeyVariable = "AWS_CLOUDFRONT_KEY_B64";

const signingKeyArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:media-signing-key-a1B2c3";

/** Rules for the settings of media together. */
export const mediaRules: readonly Rule[] = [
  (s) =>
    s.media || !s.mediaDistribution
      ? undefined
      : "chatpop:mediaDistribution (true) needs the bucket that chatpop:media (false) leaves out. " +
        "Set it with: pulumi config set chatpop:media true",

  (s) =>
    !s.mediaDistribution || s.mediaPublicKey !== undefined
      ? undefined
      : "chatpop:mediaDistribution (true) needs chatpop:mediaPublicKey, or anybody could read all media. " +
        "Set it with: pulumi config set chatpop:mediaPublicKey < media-public-key.pem",

  (s) =>
    !s.mediaDistribution || signingKeyVariable in s.secrets
      ? undefined
      : `chatpop:mediaDistribution (true) needs the private key as the secret ${signingKeyVariable}, or the application ` +
        `does not start. Set it with: ${set("secrets", { ...s.secrets, [signingKeyVariable]: signingKeyArn })}`,

  (s) =>
    s.mediaFormerPublicKey === undefined ||
    (s.mediaPublicKey !== undefined && asStored(s.mediaFormerPublicKey) !== asStored(s.mediaPublicKey))
      ? undefined
      : "chatpop:mediaFormerPublicKey is not a key before chatpop:mediaPublicKey, but the only one. " +
        "Leave it out: pulumi config rm chatpop:mediaFormerPublicKey",

  (s) =>
    (s.mediaDomain === undefined) === (s.mediaCertificateArn === undefined)
      ? undefined
      : s.mediaDomain === undefined
        ? "chatpop:mediaCertificateArn needs chatpop:mediaDomain, the host name that it is for. " +
          "Set it with: pulumi config set chatpop:mediaDomain media.example.com"
        : `chatpop:mediaDomain (${s.mediaDomain}) needs chatpop:mediaCertificateArn, or browsers would refuse the ` +
          "connection. Set it with: pulumi config set chatpop:mediaCertificateArn arn:aws:acm:us-east-1:123456789012:certificate/1234abcd",

  (s) =>
    s.mediaDomain === undefined || s.mediaDistribution
      ? undefined
      : `chatpop:mediaDomain (${s.mediaDomain}) is the name of a distribution that is not there. ` +
        "Set it with: pulumi config set chatpop:mediaDistribution true",
];
