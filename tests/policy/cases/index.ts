import { alarms } from "./alarms";
import { autoscaling } from "./autoscaling";
import { budgets } from "./budget";
import { caches } from "./caches";
import { connectionScaling } from "./connectionScaling";
import { databases } from "./databases";
import { demand } from "./demand";
import { hurried } from "./hurried";
import { operation, secrets } from "./identity";
import { media, mediaInCloudFront } from "./media";
import { network } from "./network";
import { release } from "./release";
import { scale } from "./scale";
import { websocket } from "./websocket";
import { slips } from "./slips";
import { tired } from "./tired";
import { workers } from "./workers";
import type { Case, Violation } from "./case";

const cases = [
  scale,
  demand,
  budgets,
  autoscaling,
  connectionScaling,
  websocket,
  workers,
  release,
  databases,
  caches,
  media,
  mediaInCloudFront,
  network,
  secrets,
  operation,
  alarms,
  slips,
  hurried,
  tired,
];
/** What the rules must refuse. */
export const violations: readonly Violation[] = cases.flatMap((each) => each.violations);
/** What is unusual and yet allowed. */
export const allowances: readonly Case[] = cases.flatMap((each) => each.allowances);
