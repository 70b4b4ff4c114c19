import type { PolicyResource } from "@pulumi/policy";
import { has, type Stack } from "./stack";
import { types } from "../aws/types";
import type { Entries, Properties } from "./values";

/**
 * Sources of a part of a bucket's configuration: resources of their own, else an argument of the bucket itself, as in
 * older programs. AWS returns such arguments even if they were not given.
 *
 * @param names Names of the argument; some differ in `BucketV2`.
 */
export function partsOf(
  stack: Stack,
  bucket: PolicyResource,
  type: string,
  ...names: readonly string[]
): readonly PolicyResource[] {
  const own = stack.madeOf(bucket, type, "bucket");
  if (own.length > 0) return own;
  return names.some((name) => has(bucket, name)) ? [bucket] : [];
}

/** The rules of a lifecycle, wherever `partsOf` found it. */
export const lifecycleRulesOf = ({ props }: PolicyResource) =>
  [(props["rules"] ?? props["lifecycleRules"]) as Entries<Properties>].flat();

/** Sources of a bucket's versioning. */
export const versioningsOf = (stack: Stack, bucket: PolicyResource): readonly PolicyResource[] =>
  partsOf(stack, bucket, types.bucketVersioning, "versioning", "versionings");

interface Versioning {
  readonly status?: string;
  readonly enabled?: boolean;
}

/** Whether what `versioningsOf` found turns versions on. */
export function keepsVersions({ props }: PolicyResource): boolean {
  const found = [props["versioningConfiguration"] ?? props["versioning"] ?? props["versionings"]].flat();
  return (found as readonly (Versioning | null | undefined)[]).some(
    (each) => each?.status === "Enabled" || each?.enabled === true,
  );
}

/** Whether a bucket is meant to be a public web site: it has a website's configuration. */
export const isWebsite = (stack: Stack, bucket: PolicyResource): boolean =>
  has(bucket, "website") || stack.feeds(bucket, types.bucketWebsite, "bucket");
