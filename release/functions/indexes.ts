// Lambda function inside the VPC: speaks to the database instance.
import { handler as build, type IndexesEvent } from "../indexesHandler";
import { inRounds, type Round } from "./rounds";

/** Builds the required indexes. */
export const handler = inRounds("The index build", (event: Round & IndexesEvent, context) =>
  build(event, context),
);
