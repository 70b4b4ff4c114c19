import { guide } from "../../stacks/guide";
import { keepsVersions, lifecycleRulesOf, partsOf, versioningsOf } from "../buckets";
import { containers, valuesOfVariable } from "../containers";
import { mediaBuckets } from "../media";
import { leave } from "../mends";
import { stackRule } from "../rule";
import { type Statement, statements } from "../statements";
import { types } from "../../aws/types";
import { type Finding, findingIn, given } from "../values";

export const mediaInS3 = stackRule(
  {
    name: "media-in-s3",
    description: "Voice messages and photos outlive the task that received them, and all tasks see them",
    severity: "high",
    requirements: ["G-177", "GAP-16"],
    remedy: "give tasks AWS_STORAGE_BUCKET_NAME, made of an aws.s3.Bucket",
    mends: [leave("media")],
  },
  function* (stack) {
    for (const task of stack.chatTasks()) {
      yield* stack.judge(
        task,
        () =>
          stack.sources(task, "containerDefinitions", types.bucket).length === 0 &&
          containers(task.props).length > 0 &&
          valuesOfVariable(task.props, "AWS_STORAGE_BUCKET_NAME").length === 0 &&
          "keeps media on its own disk, which ends with it",
      );
    }
  },
);

export const mediaTakeAcls = stackRule(
  {
    name: "media-take-acls",
    description: 'The bucket for media takes the ACL "private" that the application sends with each upload',
    subject: "bucket whose name the tasks are told",
    severity: "high",
    requirements: ["G-177", "GAP-19"],
    remedy: "an aws.s3.BucketOwnershipControls of this bucket with objectOwnership BucketOwnerPreferred",
  },
  function* (stack) {
    const refusal = "refuses every upload that comes with an ACL (AccessControlListNotSupported)";
    for (const bucket of mediaBuckets(stack)) {
      const controls = stack.madeOf(bucket, types.bucketOwnershipControls, "bucket");
      if (controls.length === 0) yield* stack.judge(bucket, () => refusal);
      for (const control of controls) {
        yield* stack.judge(control, () => {
          const rule = control.props["rule"] as { objectOwnership?: string } | undefined;
          return rule?.objectOwnership === "BucketOwnerEnforced" && refusal;
        });
      }
    }
  },
);

/** Whether a statement reaches into buckets that it does not name. */
const reachesAnyBucket = ({ Effect, Action, Resource }: Statement): Finding =>
  Effect === "Allow" &&
  findingIn(
    Resource,
    (resource) =>
      /^(\*$|arn:[^:]*:s3:::\*)/.test(resource) &&
      findingIn(Action, (action) => /^(\*|s3:)/.test(action) && "reaches every bucket of the account"),
  );

export const mediaPermissionsNamed = stackRule(
  {
    name: "media-permissions-named",
    description: "The application reads and writes its own buckets, and no others of the account",
    subject: "task role with a policy in this stack",
    severity: "high",
    requirements: ["G-177", "GAP-17"],
    remedy: "Resource: the bucket's ARN, and the ARN with /* for its objects",
    publicChecks: ["CKV_AWS_288", "CKV_AWS_355", "AWS-0345"],
  },
  function* (stack) {
    const roles = new Set(
      stack.ofType(types.taskDefinition).flatMap((task) => stack.sources(task, "taskRoleArn", types.role)),
    );
    for (const role of roles) {
      for (const policy of stack.madeOf(role, types.rolePolicy, "role")) {
        yield* stack.judge(policy, () => findingIn(statements(policy.props["policy"]), reachesAnyBucket));
      }
    }
  },
);

export const mediaSurviveMistakes = stackRule(
  {
    name: "media-survive-mistakes",
    description:
      "From 1,000 rooms media can be brought back, and their bucket is not deleted with them in it",
    subject: "bucket whose name the tasks are told",
    severity: "high",
    requirements: ["G-177", "GAP-25"],
    remedy: "forceDestroy: false, and an aws.s3.BucketVersioning that is Enabled",
    mends: [leave("disposable")],
    publicChecks: ["CKV_AWS_21", "AWS-0090", "S3.14"],
  },
  function* (stack) {
    if (!stack.reaches(guide.medium.rooms)) return;
    for (const bucket of mediaBuckets(stack)) {
      yield* stack.judge(
        bucket,
        () => bucket.props["forceDestroy"] === true && "is deleted with everything in it (forceDestroy)",
      );
      const versionings = versioningsOf(stack, bucket);
      if (versionings.length === 0) yield* stack.judge(bucket, () => "forgets what is deleted at once");
      for (const versioning of versionings) {
        yield* stack.judge(
          versioning,
          () => !keepsVersions(versioning) && "what is deleted is forgotten at once",
        );
      }
    }
  },
);

export const mediaGetCheaper = stackRule(
  {
    name: "media-get-cheaper",
    description: "Media that nobody looks at any more move to a cheaper storage class",
    subject: "bucket whose name the tasks are told",
    severity: "low",
    level: "advisory",
    requirements: ["G-177"],
    remedy:
      'an aws.s3.BucketLifecycleConfiguration of this bucket with transitions to "STANDARD_IA" or "INTELLIGENT_TIERING"',
  },
  function* (stack) {
    for (const bucket of mediaBuckets(stack)) {
      const lifecycles = partsOf(stack, bucket, types.bucketLifecycle, "lifecycleRules");
      yield* stack.judge(
        bucket,
        () =>
          !lifecycles.flatMap(lifecycleRulesOf).some((rule) => rule && given(rule, "transitions")) &&
          "keeps all media in the dearest storage class for ever",
      );
    }
  },
);
