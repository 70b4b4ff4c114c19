import { scales, type Scale } from "./guide";

/** A key column of an index. */
export interface IndexColumn {
  /** As the application's migrations call it: `chat_room_id`. */
  readonly name: string;
  /** Undefined is ascending, as in SQL. */
  readonly order?: "DESC";
}

/** One index of the guide. */
export interface CatalogueIndex {
  /** Name that the guide gives it: `idx_messages_room_created`. */
  readonly name: string;
  /** Without its schema: `chats_message`. */
  readonly table: string;
  /** In the order in which the index sorts. */
  readonly columns: readonly IndexColumn[];
  /** Rows that the index holds; without one, all. */
  readonly predicate?: string;
  /** The row of `docs/guide.md` that asks for it. */
  readonly requirement: string;
  /** Scales at which the guide asks for it. Where that is not every scale, the table itself may be missing. */
  readonly scales: readonly Scale[];
}

/** The outbox pattern is required at the largest scale only (G-164, G-171); the application alone has no such table. */
const outboxScales: readonly Scale[] = ["large"];

/** The guide's nine indexes, in its order (G-77 … G-85). */
export const catalogue: readonly CatalogueIndex[] = [
  {
    name: "idx_messages_room_created",
    table: "chats_message",
    columns: [{ name: "chat_room_id" }, { name: "created_at", order: "DESC" }],
    requirement: "G-77",
    scales,
  },
  {
    name: "idx_messages_room_active",
    table: "chats_message",
    columns: [{ name: "chat_room_id" }, { name: "is_deleted" }, { name: "created_at", order: "DESC" }],
    predicate: "is_deleted = false",
    requirement: "G-78",
    scales,
  },
  {
    name: "idx_messages_reply_to",
    table: "chats_message",
    columns: [{ name: "reply_to_id" }],
    predicate: "reply_to_id IS NOT NULL",
    requirement: "G-79",
    scales,
  },
  {
    name: "idx_participation_room_active",
    table: "chats_chatparticipation",
    columns: [{ name: "chat_room_id" }, { name: "is_active" }],
    requirement: "G-80",
    scales,
  },
  {
    name: "idx_participation_user",
    table: "chats_chatparticipation",
    columns: [{ name: "user_id" }, { name: "chat_room_id" }],
    requirement: "G-81",
    scales,
  },
  {
    name: "idx_participation_fingerprint",
    table: "chats_chatparticipation",
    columns: [{ name: "fingerprint" }, { name: "chat_room_id" }],
    predicate: "fingerprint IS NOT NULL",
    requirement: "G-82",
    scales,
  },
  {
    name: "idx_chatroom_code",
    table: "chats_chatroom",
    columns: [{ name: "code" }],
    requirement: "G-83",
    scales,
  },
  {
    name: "idx_outbox_unprocessed",
    table: "chats_outboxevent",
    columns: [{ name: "processed" }, { name: "created_at" }],
    predicate: "processed = false",
    requirement: "G-84",
    scales: outboxScales,
  },
  {
    name: "idx_outbox_room_created",
    table: "chats_outboxevent",
    columns: [{ name: "chat_code" }, { name: "created_at" }],
    requirement: "G-85",
    scales: outboxScales,
  },
];

/** Whether the index is skipped without an error if its table does not exist (G-193). */
export function isOptional(index: CatalogueIndex): boolean {
  return index.scales.length < scales.length;
}

/** End of the statement, after the table's name: `(columns) WHERE predicate`. */
export function keysAndPredicate({ columns, predicate }: CatalogueIndex): string {
  const keys = columns.map(({ name, order }) => (order ? `${name} ${order}` : name)).join(", ");
  return predicate ? `(${keys}) WHERE ${predicate}` : `(${keys})`;
}

/** The guide's statement, word for word (G-193). Its table is found by the session's `search_path`. */
export function createStatement(index: CatalogueIndex): string {
  return `CREATE INDEX CONCURRENTLY ${index.name} ON ${index.table} ${keysAndPredicate(index)};`;
}
