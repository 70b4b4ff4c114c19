// Every resource type of the `aws` package. To add one, write its model in a file of this folder and list it here.
import { models as access } from "./access";
import { models as acm } from "./acm";
import { models as alarms } from "./alarms";
import { models as autoscaling } from "./autoscaling";
import { models as backup } from "./backup";
import { models as buckets } from "./buckets";
import { models as budgets } from "./budgets";
import { models as cloudFront } from "./cloudFront";
import { models as dashboards } from "./dashboards";
import { models as ecr } from "./ecr";
import { models as ecs } from "./ecs";
import { models as elasticache } from "./elasticache";
import { models as endpoints } from "./endpoints";
import { models as events } from "./events";
import { models as gateways } from "./gateways";
import { models as iam } from "./iam";
import { models as instances } from "./instances";
import { models as kms } from "./kms";
import { models as lambda } from "./lambda";
import { models as loadBalancing } from "./loadBalancing";
import { models as logs } from "./logs";
import { models as messaging } from "./messaging";
import type { Model } from "./model";
import { models as queryDefinitions } from "./queryDefinitions";
import { models as rds } from "./rds";
import { models as rdsProxy } from "./rdsProxy";
import { models as route53 } from "./route53";
import { models as routing } from "./routing";
import { models as s3 } from "./s3";
import { models as scheduler } from "./scheduler";
import { models as secretsManager } from "./secretsManager";
import { models as securityGroups } from "./securityGroups";
import { models as sns } from "./sns";
import { models as vpc } from "./vpc";
import { models as wafv2 } from "./wafv2";

const network = [vpc, gateways, routing, securityGroups, endpoints, route53, wafv2];
const data = [rds, rdsProxy, backup, elasticache, secretsManager, s3, cloudFront];
const compute = [ecr, ecs, loadBalancing, autoscaling, scheduler, lambda, acm, logs, queryDefinitions];
const operations = [alarms, budgets, dashboards, events, kms, sns];

/** All models by type token. */
export const models: ReadonlyMap<string, Model> = new Map(
  [...network, ...data, ...compute, ...operations, iam, access, buckets, instances, messaging]
    .flat()
    .map((model) => [model.type, model]),
);
