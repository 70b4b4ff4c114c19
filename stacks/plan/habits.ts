import { type Demand, guideScaleOf } from "../capacity";
import type { Scale } from "../guide";
import type { Settings } from "../settings";

/** Safety and spending of an environment: the scale's name decides them, not its size. */
export const habits = {
  small: {
    egress: "public-ip",
    deletionProtection: false,
    databaseBackupDays: 7,
    logRetentionDays: 7,
  },
  medium: {
    egress: "nat",
    deletionProtection: true,
    databaseBackupDays: 7,
    logRetentionDays: 14,
  },
  large: {
    egress: "nat-per-zone",
    deletionProtection: true,
    databaseBackupDays: 14,
    logRetentionDays: 30,
  },
} as const satisfies Record<Scale, Partial<Settings>>;

/** Whether data is protected, by the scale's name or by its size. */
export const protectsData = (scale: Scale, { rooms }: Demand): boolean =>
  habits[scale].deletionProtection || habits[guideScaleOf(rooms)].deletionProtection;

/** NAT gateways that survive the loss of one zone, by the scale's number. Tasks with public addresses need none. */
export const outlivesZone = {
  "public-ip": { egress: "public-ip" },
  nat: { egress: "nat-per-zone" },
  "nat-per-zone": { egress: "nat-per-zone" },
} as const;
