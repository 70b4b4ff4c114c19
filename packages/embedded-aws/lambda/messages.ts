// Messages between the provider and the process that runs a function.
import type { Route } from "../postgres/routes";

/** One invocation. It is sent as a message, so that a list of processes shows nothing of it. */
export interface Invocation {
  readonly folder: string;
  /** `index.handler`. */
  readonly handler: string;
  /** JSON. */
  readonly payload: string;
  readonly requestId: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memorySize: number;
  readonly logGroup: string;
  readonly logStream: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly routes: readonly Route[];
}

/** A wait of the function's code, which passes in the account's time. */
export interface Wait {
  readonly milliseconds: number;
}

/** Lambda's report of an error. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Answer of a function's process. */
export type Answer = { readonly payload: string } | { readonly error: FunctionError };
