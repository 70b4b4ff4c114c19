import type { CompleteSettings } from "../complete";

/** A rule over more than one setting: the complaint, or undefined when it holds. */
export type Rule = (settings: CompleteSettings) => string | undefined;
