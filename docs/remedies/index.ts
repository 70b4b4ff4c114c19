import type { AlarmKey } from "../../stacks/plan/monitoring/watched";
import { chat } from "./chat";
import { data } from "./data";
import type { Step } from "./remedy";

/** Steps for every alarm; an alarm without steps is a type error. */
export const remedies: Readonly<Record<AlarmKey, readonly Step[]>> = { ...chat, ...data };
