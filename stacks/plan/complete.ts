import type { Server } from "../capacity";
import type { Settings } from "../settings";

/** Settings that stay open when the operator leaves them out: the stack then goes without. */
export type Open =
  | "imageContext"
  | "domain"
  | "hostedZone"
  | "certificateArn"
  | "requestsPerTarget"
  | "connectionsPerTask"
  | "alarmEmail"
  | "alarmWebhook"
  | "deployRepository"
  | "backupCopyRegion"
  | "snapshotIdentifier"
  | "mediaPublicKey"
  | "mediaDomain"
  | "mediaCertificateArn";

/** Settings with every default filled in. */
export type CompleteSettings = Readonly<
  Required<Omit<Settings, Open>> & Pick<Settings, Open> & { server: Server }
>;
