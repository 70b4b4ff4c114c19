import { databaseNotPublic } from "./rules/database";
import { databaseProxyFrom1000Rooms, readReplicaFrom5000Rooms } from "./rules/scale";
import { stickySessions } from "./rules/websocket";

/** Every rule of the pack. Apart from `index.ts`, which starts a server, so that tests can load it. */
export const policies = [
  databaseProxyFrom1000Rooms,
  readReplicaFrom5000Rooms,
  stickySessions,
  databaseNotPublic,
];
