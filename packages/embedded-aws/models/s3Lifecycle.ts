// The rules by which S3 moves and deletes objects.
import { z } from "zod";
import { refusal } from "./refusal";
import { text } from "./schema";

const storageClass = z.enum([
  "GLACIER",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
]);
/** Classes in the order in which objects may move: each later than the one before. */
const order = ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];

/** What is wrong with moves to these classes after so many days. */
function movesFault(moves: readonly { readonly days: number; readonly storageClass: string }[]) {
  const sorted = [...moves].sort(
    (one, other) => order.indexOf(one.storageClass) - order.indexOf(other.storageClass),
  );
  for (const [at, { days, storageClass }] of sorted.entries()) {
    const before = sorted[at - 1];
    if (!before) continue;
    if (before.storageClass === storageClass)
      return `'StorageClass' must be different for 'Transition' actions in same 'Rule': ${storageClass} comes twice`;
    // Seldom accessed objects stay 30 days before S3 archives them.
    const least =
      before.days + (/_IA$/.test(before.storageClass) && /^GLACIER$|^DEEP/.test(storageClass) ? 30 : 1);
    if (days < least)
      return `'Days' in the Transition action for StorageClass '${storageClass}' must be at least ${least}, after '${before.storageClass}' at ${before.days}`;
  }
  return undefined;
}

const positive = z.int().min(1);
/** Versions that stay whatever their age. */
const versions = positive.max(100);
/** A day of S3's: it begins at midnight UTC. */
const midnight = text(/^\d{4}-\d{2}-\d{2}T00:00:00(\.0+)?Z$/, "a day at midnight UTC (2030-01-01T00:00:00Z)");
const sizes = { objectSizeGreaterThan: z.int().min(0), objectSizeLessThan: positive };
const tag = z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(256) });

const filter = z.strictObject({
  prefix: z.string(),
  tag,
  ...sizes,
  and: z.strictObject({ prefix: z.string(), tags: z.record(z.string(), z.string()), ...sizes }).partial(),
});

const rule = z
  .strictObject({
    id: z.string().min(1).max(255),
    status: z.enum(["Enabled", "Disabled"]),
    filter: filter.partial().optional(),
    abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: positive }).optional(),
    expiration: z
      .strictObject({
        date: midnight.optional(),
        days: positive.optional(),
        expiredObjectDeleteMarker: z.boolean().optional(),
      })
      .refine(
        (given) => Object.values(given).filter((each) => each !== undefined && each !== false).length === 1,
        {
          error: "MalformedXML: an expiration has one of date, days and expiredObjectDeleteMarker",
        },
      )
      .optional(),
    noncurrentVersionExpiration: z
      .strictObject({ noncurrentDays: positive, newerNoncurrentVersions: versions.optional() })
      .optional(),
    noncurrentVersionTransitions: z
      .array(
        z.strictObject({
          noncurrentDays: z.int().min(0),
          newerNoncurrentVersions: versions.optional(),
          storageClass,
        }),
      )
      .min(1)
      .optional(),
    transitions: z
      .array(
        z
          .strictObject({ date: midnight.optional(), days: z.int().min(0).optional(), storageClass })
          .refine(({ date, days }) => date === undefined || days === undefined, {
            error: "MalformedXML: a transition has date or days",
          }),
      )
      .min(1)
      .optional(),
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const {
      transitions = [],
      expiration,
      abortIncompleteMultipartUpload,
      noncurrentVersionExpiration,
      noncurrentVersionTransitions = [],
    } = given;
    if (
      transitions.length + noncurrentVersionTransitions.length === 0 &&
      !expiration &&
      !abortIncompleteMultipartUpload &&
      !noncurrentVersionExpiration
    ) {
      refuse("id", "InvalidRequest: At least one action needs to be specified in a rule");
    }
    if (Object.keys(given.filter ?? {}).length > 1) {
      refuse("filter", "MalformedXML: a filter has one of prefix, tag, object size and and");
    }
    transitions.forEach(({ date, days = 0, storageClass: target }, index) => {
      if (date !== undefined) return;
      if (/_IA$/.test(target) && days < 30) {
        refuse(
          `transitions.${index}.days`,
          `InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass '${target}'`,
        );
      }
      if (expiration?.days !== undefined && expiration.days <= days) {
        refuse(
          "expiration.days",
          "InvalidArgument: 'Days' in the Expiration action must be greater than 'Days' in the Transition action",
        );
      }
    });
    noncurrentVersionTransitions.forEach(({ noncurrentDays, storageClass: target }, index) => {
      if (/_IA$/.test(target) && noncurrentDays < 30) {
        refuse(
          `noncurrentVersionTransitions.${index}.noncurrentDays`,
          `InvalidArgument: 'NoncurrentDays' in NoncurrentVersionTransition action must be greater than or equal to 30 for storageClass '${target}'`,
        );
      }
      const end = noncurrentVersionExpiration?.noncurrentDays;
      if (end !== undefined && end <= noncurrentDays) {
        refuse(
          "noncurrentVersionExpiration.noncurrentDays",
          "InvalidArgument: 'NoncurrentDays' in the NoncurrentVersionExpiration action must be greater than in the NoncurrentVersionTransition action",
        );
      }
    });
    const lists = {
      transitions: transitions.flatMap(({ date, days = 0, storageClass }) =>
        date === undefined ? [{ days, storageClass }] : [],
      ),
      noncurrentVersionTransitions: noncurrentVersionTransitions.map(({ noncurrentDays, storageClass }) => ({
        days: noncurrentDays,
        storageClass,
      })),
    };
    for (const [name, moves] of Object.entries(lists)) {
      const fault = movesFault(moves);
      if (fault) refuse(name, `InvalidArgument: ${fault}`);
    }
    const narrow = given.filter ?? {};
    const bySize = [narrow, narrow.and ?? {}].some(
      (each) => each.objectSizeGreaterThan !== undefined || each.objectSizeLessThan !== undefined,
    );
    const whole = abortIncompleteMultipartUpload ?? expiration?.expiredObjectDeleteMarker;
    if (whole && (bySize || narrow.tag || narrow.and?.tags)) {
      refuse(
        "filter",
        "InvalidRequest: AbortIncompleteMultipartUpload and ExpiredObjectDeleteMarker cannot be specified with tags or object size",
      );
    }
  });

/** A bucket's rules, with unique names. */
export const lifecycleRules = z
  .array(rule)
  .min(1)
  .max(1000)
  .superRefine((given, context) => {
    given.forEach(({ id }, index) => {
      if (given.findIndex((other) => other.id === id) < index) {
        refusal(context)(
          `${index}.id`,
          `InvalidArgument: Rule ID must be unique. Found same ID for more than one rule: ${id}`,
        );
      }
    });
  });
