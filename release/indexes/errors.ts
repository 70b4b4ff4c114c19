import { DatabaseError } from "pg";

/** A user's mistake; its message is all that the user needs. */
export class UsageError extends Error {
  /** Name of the error in logs. */
  override readonly name = "UsageError";
}

/** SQLSTATE or system error code, and what to do about it. */
const remedies: Readonly<Record<string, string>> = {
  "28P01": "Check user name and password.",
  "28000": "Check the user name, and whether the server asks for TLS (sslmode=require).",
  "3D000": "Check the database's name.",
  "42501": "Connect as the owner of the table, and let it CREATE in the schema.",
  "42703": "The table lacks a column of the index: run the migrations of a version that has it.",
  "53100":
    "The disk is full: raise databaseStorage, then run again; what is unfinished is dropped and rebuilt.",
  "53300": "Free a connection or raise max_connections; the build needs two.",
  "55P03": "End the transaction that holds the lock, or raise the lock timeout, then run again.",
  "57P01": "The session was ended on the server; run again, what is unfinished is dropped and rebuilt.",
  "57P03": "The server is starting or stopping; run again when it accepts connections.",
  "57014": "Run again; what is unfinished is dropped and rebuilt.",
  ECONNREFUSED: "Check host and port.",
  ECONNRESET: "The connection was cut; run again, a build that goes on is awaited.",
  ENOTFOUND: "Check the host; the instance's name is known only where its VPC's name service is.",
  ERR_TLS_CERT_ALTNAME_INVALID: "Give the instance's own name as host, or use sslmode=verify-ca.",
  ETIMEDOUT: "Check that the security group lets this machine reach the instance.",
  SELF_SIGNED_CERT_IN_CHAIN: "Give the certificate authority of the server (--ca).",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "Give the certificate authority of the server (--ca).",
  DEPTH_ZERO_SELF_SIGNED_CERT: "Give the certificate authority of the server (--ca).",
};

/** Remedies for node-postgres' own errors, which bear no code. */
const remediesByMessage: readonly (readonly [RegExp, string])[] = [
  [/does not support SSL/, "Add sslmode=disable to the address when the server has no TLS."],
  [/Connection terminated|timeout expired/, "Run again; a build that goes on in the server is awaited."],
  [/password must be a string/, "Give a password: in the address, or in the environment as PGPASSWORD."],
];

/** SQLSTATE or system error code of an error. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Whether an error means that its connection is gone, rather than that one statement failed. */
export function isConnectionLost(error: unknown): boolean {
  return !(error instanceof DatabaseError) || /^(57P0|08)/.test(error.code ?? "");
}

/** The message of any error with its remedy, on one line and without a stack. */
export function explain(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return explain(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError) return message;
  const remedy =
    remedies[codeOf(error) ?? ""] ?? remediesByMessage.find(([pattern]) => pattern.test(message))?.[1];
  return remedy ? `${message.replace(/\.?$/, ".")} ${remedy}` : message;
}

/** A text without a password, whether as it is or as an address writes it. */
export function withoutPassword(text: string, password: string | undefined): string {
  if (!password) return text;
  return [password, encodeURIComponent(password)].reduce(
    (rest, secret) => rest.replaceAll(secret, "***"),
    text,
  );
}
