import type { Scale } from "../../../stacks/guide";
import type { Mutation } from "../mutations";

/** The program at a scale, with other settings or other resources. */
export interface Case {
  readonly what: string;
  readonly scale: Scale;
  /** Settings that the program itself is run with. */
  readonly config?: Readonly<Record<string, string>>;
  readonly mutation?: Mutation;
}

/** What a rule must refuse. */
export interface Violation extends Case {
  readonly policy: string;
  /** `type name` of the resource that is blamed; the stack when left out. */
  readonly blames?: string;
  readonly says: RegExp;
  /** A first preview cannot know it, and counts it instead. */
  readonly deferred?: boolean;
  /** Other rules that the same mistake breaks. */
  readonly also?: readonly string[];
}

/** The cases of one concern. */
export interface Cases {
  readonly violations: readonly Violation[];
  /** What is unusual and yet allowed. */
  readonly allowances: readonly Case[];
}
