import type { CompleteSettings } from "./complete";

/** CloudFront as the source of media for browsers, instead of S3. */
export interface MediaDistributionPlan {
  /** Public key, in PEM, whose private half signs URLs. */
  readonly publicKey: string;
  /** The key before it: tasks that sign with its private half may still run. */
  readonly formerPublicKey?: string;
  /** Price class; the cheapest uses edge locations in North America and Europe, which serve all other users too. */
  readonly priceClass: "PriceClass_100";
  /** Host name with its certificate; undefined uses CloudFront's own. */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
}

/** The bucket of voice messages and photos, and its way to browsers (G-177). */
export interface MediaPlan {
  /** Days after which objects move to Standard-IA. */
  readonly infrequentAccessDays: number;
  /** Smallest object that moves (bytes). */
  readonly infrequentAccessSize: number;
  /** Time in which a deleted object can be restored (days). */
  readonly noncurrentDays: number;
  /** CloudFront; undefined serves media by URLs of S3. */
  readonly distribution?: MediaDistributionPlan;
}

/** Storage of voice messages and photos (G-177); undefined leaves them on the tasks' disks. */
export function mediaPlan(s: CompleteSettings): MediaPlan | undefined {
  if (!s.media) return undefined;
  return {
    // The earliest age that S3 accepts. Most views happen while media are new.
    infrequentAccessDays: 30,
    // Standard-IA charges smaller objects as if they had this size.
    infrequentAccessSize: 128 * 1024,
    // Equal to the database's backups, so that a restored database finds the media of its day.
    noncurrentDays: Math.max(1, s.databaseBackupDays),
    ...(s.mediaDistribution && { distribution: distributionPlan(s) }),
  };
}

function distributionPlan(s: CompleteSettings): MediaDistributionPlan {
  const { mediaPublicKey = "", mediaFormerPublicKey, mediaDomain, mediaCertificateArn } = s;
  return {
    publicKey: asStored(mediaPublicKey),
    ...(mediaFormerPublicKey !== undefined && { formerPublicKey: asStored(mediaFormerPublicKey) }),
    priceClass: "PriceClass_100",
    ...(mediaDomain &&
      mediaCertificateArn && { domain: { name: mediaDomain, certificateArn: mediaCertificateArn } }),
  };
}

/** CloudFront stores a key with a final line break; any other text would replace the key at every update. */
export const asStored = (pem: string): string => `${pem.replaceAll("\r\n", "\n").trim()}\n`;
