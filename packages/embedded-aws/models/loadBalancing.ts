// Elastic Load Balancing: load balancers, target groups, listeners and their rules.
import type { Model } from "./model";
import { models as listeners } from "./listeners";
import { loadBalancer } from "./loadBalancer";
import { targetGroup } from "./targetGroup";

export const models: readonly Model[] = [loadBalancer, targetGroup, ...listeners];
