import type { PolicyResource } from "@pulumi/policy";
import { isWebsite } from "./buckets";
import type { Stack } from "./stack";
import { types } from "../aws/types";

/** Buckets whose names the chat's tasks get, without public web sites. */
export const mediaBuckets = (stack: Stack): readonly PolicyResource[] => [
  ...new Set(
    stack
      .chatTasks()
      .flatMap((task) => stack.sources(task, "containerDefinitions", types.bucket))
      .filter((bucket) => !isWebsite(stack, bucket)),
  ),
];
