// A primary instance and the groups it refers to.
import type { Properties } from "../../models/model";
import type { World } from "./world";

/** One subnet in each of two zones. */
export const subnets = ["subnet-0000000a", "subnet-0000000b"];

/** Inputs of a primary that is accepted. */
export function primary(world: World, change: Properties = {}): Properties {
  world.create("rds/subnetGroup", { name: "chatpop-db", subnetIds: subnets });
  world.create("rds/parameterGroup", { name: "chatpop-pg15", family: "postgres15" });
  world.create("rds/parameterGroup", { name: "chatpop-pg16", family: "postgres16" });
  world.create("rds/parameterGroup", {
    name: "eight-gib",
    family: "postgres15",
    parameters: [{ name: "shared_buffers", value: "1048576", applyMethod: "pending-reboot" }],
  });
  return {
    identifier: "chatpop-db-1a2b3c4",
    allocatedStorage: 50,
    backupRetentionPeriod: 7,
    backupWindow: "03:00-04:00",
    dbName: "chatpop",
    dbSubnetGroupName: "chatpop-db",
    engine: "postgres",
    engineVersion: "15",
    instanceClass: "db.t3.small",
    maintenanceWindow: "sun:05:00-sun:06:00",
    maxAllocatedStorage: 100,
    parameterGroupName: "chatpop-pg15",
    password: "correct-horse-battery",
    skipFinalSnapshot: true,
    storageEncrypted: true,
    storageType: "gp3",
    username: "chatpop",
    vpcSecurityGroupIds: ["sg-00000001"],
    ...change,
  };
}
