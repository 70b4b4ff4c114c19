// Lambda function outside the VPC: speaks to ECS and RDS, and to the chat as its users do.
import { type Deployment, type DeploymentEvent, verifyDeployment } from "../deployment";
import { migrate, type Migration, type MigrationEvent } from "../migration";
import { awaitProxyTarget, type ProxyTargetEvent } from "../proxyTarget";
import { makeRoom, type RoomEvent } from "../room";
import { smokeTest, type SmokeTestEvent } from "../smokeTest";
import { inRounds, type InvocationContext, type Round } from "./rounds";

/** Work of an invocation. */
export type TasksEvent =
  | (Round & { readonly action: "migrate" } & MigrationEvent)
  | (Round & { readonly action: "verify" } & DeploymentEvent)
  | ({ readonly action: "await proxy" } & ProxyTargetEvent)
  | ({ readonly action: "make room" } & RoomEvent)
  | ({ readonly action: "smoke test" } & SmokeTestEvent);

const migrateInRounds = inRounds<Round & MigrationEvent, Migration>("The migration", migrate);
const verifyInRounds = inRounds<Round & DeploymentEvent, Deployment>("The deployment", verifyDeployment);

/** One step of a release around its tasks. */
export function handler(event: TasksEvent, context: InvocationContext) {
  switch (event.action) {
    case "migrate":
      return migrateInRounds(event, context);
    case "verify":
      return verifyInRounds(event, context);
    case "await proxy":
      return awaitProxyTarget(event, context);
    case "make room":
      return makeRoom(event, context);
    case "smoke test":
      return smokeTest(event, context);
  }
}
