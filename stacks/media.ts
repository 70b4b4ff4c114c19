import type { CompleteSettings } from "./defaults";

export interface MediaPlan {
  /** Days after which objects move to Standard-IA. */
  readonly infrequentAccessDays: number;
  /** Bytes from which objects move. */
  readonly infrequentAccessSize: number;
  /** Days during which a deleted object can be brought back. */
  readonly noncurrentDays: number;
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
  };
}
