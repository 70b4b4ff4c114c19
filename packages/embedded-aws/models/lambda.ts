// Lambda: functions, and what is invoked while a program is deployed.
import { fn } from "./lambdaFunction";
import { invocation } from "./lambdaInvocation";
import type { Model } from "./model";

export const models: readonly Model[] = [fn, invocation];
