import { type Demand, guideScaleOf } from "../capacity";
import type { Scale } from "../guide";
import type { Settings } from "../settings";

/** Care and money that an environment gets: decided by the name of its scale, not by its size. */
export const habits = {
  small: {
    egress: "public-ip",
    deletionProtection: false,
    databaseBackupDays: 7,
    logRetentionDays: 7,
    deployEnvironment: "staging",
  },
  medium: {
    egress: "nat",
    deletionProtection: true,
    databaseBackupDays: 7,
    logRetentionDays: 14,
    deployEnvironment: "production",
  },
  large: {
    egress: "nat-per-zone",
    deletionProtection: true,
    databaseBackupDays: 14,
    logRetentionDays: 30,
    deployEnvironment: "production",
  },
} as const satisfies Record<Scale, Partial<Settings>>;

/** Whether data is protected: as the scale's name says, or as its size deserves. */
export const protectsData = (scale: Scale, { rooms }: Demand): boolean =>
  habits[scale].deletionProtection || habits[guideScaleOf(rooms)].deletionProtection;

/** Ways out that no single zone can close, by the scale's own. Tasks with public addresses need no gateway. */
export const outlivesZone = {
  "public-ip": { egress: "public-ip" },
  nat: { egress: "nat-per-zone" },
  "nat-per-zone": { egress: "nat-per-zone" },
} as const;
