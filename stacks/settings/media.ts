import { createPublicKey } from "node:crypto";
import { z } from "zod";
import { hostName, matching, onOff } from "./types";

/** Whether CloudFront and the application accept a key: the public half of an RSA key of 2048 bits, in PEM. */
function isSigningKey(pem: string): boolean {
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) return false;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
    return asymmetricKeyType === "rsa" && asymmetricKeyDetails?.modulusLength === 2048;
  } catch {
    return false;
  }
}

/** Settings of the storage of voice messages and photos, and of their way to browsers. */
export const mediaSettings = {
  media: onOff("Keeps voice messages and photos in an S3 bucket instead of the disk of a task.").optional(),
  mediaDistribution: onOff("Serves media through CloudFront instead of S3, by signed URLs.").optional(),
  mediaPublicKey: z
    .string()
    .refine(isSigningKey)
    .meta({
      description:
        "Public key for the signed URLs of CloudFront; its private key is the secret AWS_CLOUDFRONT_KEY_B64.",
      allowed: "the public key of an RSA pair of 2048 bits, in PEM",
      example: "< media-public-key.pem",
    })
    .optional(),
  mediaFormerPublicKey: z
    .string()
    .refine(isSigningKey)
    .meta({
      description:
        "Public key before `mediaPublicKey`; its URLs stay valid while it is set, during a change of keys.",
      allowed: "the public key of an RSA pair of 2048 bits, in PEM",
      example: "< media-former-public-key.pem",
    })
    .optional(),
  mediaDomain: matching(hostName, {
    description: "Host name of the media in CloudFront; if left out, CloudFront's own name.",
    allowed: "a lower-case host name",
    example: "media.example.com",
  }).optional(),
  mediaCertificateArn: matching(/^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/, {
    description: "ACM certificate for the host name of the media.",
    allowed: "the ARN of an ACM certificate in us-east-1, where CloudFront looks for it",
    example: "arn:aws:acm:us-east-1:123456789012:certificate/…",
  }).optional(),
};
