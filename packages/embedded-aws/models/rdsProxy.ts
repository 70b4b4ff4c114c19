// RDS Proxy: the proxy, its default target group and the instance behind it.
import type { Model } from "./model";
import { proxy } from "./rdsProxyModel";
import { defaultTargetGroup, target } from "./rdsProxyTargets";

export const models: readonly Model[] = [proxy, defaultTargetGroup, target];
