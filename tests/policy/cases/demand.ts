import { types } from "../../recording/types";
import type { Cases } from "./case";

export const demand: Cases = {
  violations: [
    {
      what: "the channel layer that sends a command to each task of a member (GAP-39)",
      scale: "large",
      config: { channelLayer: "core", cacheShards: "1" },
      policy: "channel-layer-for-demand",
      blames: `${types.autoscalingTarget} chatpop-backend`,
      says: /the core channel layer takes 1\d\d % of Redis's command thread with 40 tasks/,
    },
  ],
  allowances: [
    {
      what: "the same channel layer on as many caches as it needs",
      scale: "large",
      config: { channelLayer: "core" },
    },
    { what: "the same channel layer where few talk", scale: "medium", config: { channelLayer: "core" } },
  ],
};
