// Every resource type of the embedded AWS. To add one, write its model in a file of this folder and list it here.
import { models as acm } from "./acm";
import { models as ecr } from "./ecr";
import { models as elasticache } from "./elasticache";
import { models as endpoints } from "./endpoints";
import { models as iam } from "./iam";
import { models as logs } from "./logs";
import type { Model } from "./model";
import { models as random } from "./random";
import { models as rds } from "./rds";
import { models as routing } from "./routing";
import { models as secretsManager } from "./secretsManager";
import { models as securityGroups } from "./securityGroups";
import { models as vpc } from "./vpc";

/** All models by type token. */
export const models: ReadonlyMap<string, Model> = new Map(
  [random, vpc, routing, securityGroups, endpoints, iam, rds, elasticache, ecr, logs, secretsManager, acm]
    .flat()
    .map((model) => [model.type, model]),
);
