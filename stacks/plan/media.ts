import type { CompleteSettings } from "./complete";

/** How browsers get media from CloudFront instead of S3. */
export interface MediaDistributionPlan {
  /** Public key, in PEM, whose private half signs URLs. */
  readonly publicKey: string;
  /** Edge locations in use; the cheapest are in North America and Europe, and serve the others too. */
  readonly priceClass: "PriceClass_100";
  /** Host name with its certificate; undefined is CloudFront's own. */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
}

/** The bucket of voice messages and photos, and how browsers get them (G-177). */
export interface MediaPlan {
  /** Days after which objects move to Standard-IA. */
  readonly infrequentAccessDays: number;
  /** Bytes from which objects move. */
  readonly infrequentAccessSize: number;
  /** Days during which a deleted object can be brought back. */
  readonly noncurrentDays: number;
  /** Undefined hands media out by URLs of S3. */
  readonly distribution?: MediaDistributionPlan;
}

/** Where voice messages and photos are kept (G-177); undefined leaves them on the tasks' disks. */
export function mediaPlan(s: CompleteSettings): MediaPlan | undefined {
  if (!s.media) return undefined;
  return {
    // The earliest that S3 takes. Media are looked at while they are fresh.
    infrequentAccessDays: 30,
    // Standard-IA charges a smaller object as if it had as many.
    infrequentAccessSize: 128 * 1024,
    // A database that is restored to an earlier day finds the media of that day.
    noncurrentDays: Math.max(1, s.databaseBackupDays),
    ...(s.mediaDistribution && { distribution: distributionPlan(s) }),
  };
}

function distributionPlan(s: CompleteSettings): MediaDistributionPlan {
  const { mediaPublicKey = "", mediaDomain, mediaCertificateArn } = s;
  return {
    // CloudFront keeps the key with a line break at its end, and another text would replace it at every update.
    publicKey: `${mediaPublicKey.replaceAll("\r\n", "\n").trim()}\n`,
    priceClass: "PriceClass_100",
    ...(mediaDomain &&
      mediaCertificateArn && { domain: { name: mediaDomain, certificateArn: mediaCertificateArn } }),
  };
}
