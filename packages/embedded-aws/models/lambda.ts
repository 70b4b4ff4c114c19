// Lambda: functions, and their invocations during a deployment.
import { fn } from "./lambdaFunction";
import { invocation } from "./lambdaInvocation";
import type { Model } from "./model";

export const models: readonly Model[] = [fn, invocation];
