// Lambda function outside the VPC: speaks to ECS.
import { type Deployment, type DeploymentEvent, verifyDeployment } from "../deployment";
import { migrate, type Migration, type MigrationEvent } from "../migration";
import { inRounds, type InvocationContext, type Round } from "./rounds";

/** What an invocation is asked to do. */
export type TasksEvent = Round &
  (({ readonly action: "migrate" } & MigrationEvent) | ({ readonly action: "verify" } & DeploymentEvent));

const migrateInRounds = inRounds<Round & MigrationEvent, Migration>("The migration", migrate);
const verifyInRounds = inRounds<Round & DeploymentEvent, Deployment>("The deployment", verifyDeployment);

/** Runs the migration, or checks the deployment. */
export function handler(event: TasksEvent, context: InvocationContext) {
  return event.action === "migrate" ? migrateInRounds(event, context) : verifyInRounds(event, context);
}
