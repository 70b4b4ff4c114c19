// RDS for PostgreSQL: instances, and the groups that they refer to.
import type { Model } from "./model";
import { models as groups } from "./rdsGroups";
import { instance } from "./rdsInstance";

export const models: readonly Model[] = [...groups, instance];
