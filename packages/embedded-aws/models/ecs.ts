// ECS: clusters, task definitions and services.
import { z } from "zod";
import { service } from "./ecsService";
import { strategies } from "./ecsServiceInputs";
import { AwsError, type Model } from "./model";
import { refusal } from "./refusal";
import { regional, taggable, text } from "./schema";
import { taskDefinition } from "./taskDefinition";

const clusterType = "aws:ecs/cluster:Cluster";

const clusterInputs = taggable({
  name: text(
    /^[A-Za-z0-9_-]{1,255}$/,
    "a cluster's name: letters, digits, hyphens and underscores, at most 255",
  ).optional(),
  configuration: z
    .strictObject({
      executeCommandConfiguration: z
        .strictObject({
          kmsKeyId: z.string().optional(),
          logConfiguration: z
            .strictObject({
              cloudWatchEncryptionEnabled: z.boolean().optional(),
              cloudWatchLogGroupName: z.string().optional(),
              s3BucketEncryptionEnabled: z.boolean().optional(),
              s3BucketName: z.string().optional(),
              s3KeyPrefix: z.string().optional(),
            })
            .optional(),
          logging: z.enum(["NONE", "DEFAULT", "OVERRIDE"]).optional(),
        })
        .superRefine((given, context) => {
          if (given.logging === "OVERRIDE" && !given.logConfiguration)
            refusal(context)("logConfiguration", "logging OVERRIDE needs logConfiguration");
        })
        .optional(),
      managedStorageConfiguration: z
        .strictObject({
          fargateEphemeralStorageKmsKeyId: z.string().optional(),
          kmsKeyId: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  serviceConnectDefaults: z.strictObject({ namespace: z.string() }).optional(),
  settings: z
    .array(
      z.strictObject({
        name: z.literal("containerInsights"),
        value: z.enum(["enabled", "disabled", "enhanced"]),
      }),
    )
    .optional(),
});
type ClusterInputs = z.infer<typeof clusterInputs>;

const cluster: Model = {
  type: clusterType,
  inputs: clusterInputs,
  autoName: { property: "name", maxLength: 255 },
  unique: [{ property: "name", taken: "ClusterAlreadyExists" }],
  inUse: "ClusterContainsServicesException",
  computed: ["arn", "settings"],
  identify: (given: ClusterInputs, { region, accountId }) =>
    `arn:aws:ecs:${region}:${accountId}:cluster/${given.name}`,
  describe: (given: ClusterInputs, id) => ({
    arn: id,
    settings: given.settings ?? [{ name: "containerInsights", value: "disabled" }],
  }),
  beforeDelete({ id }, { account }) {
    // Not a declared reference, because a service may name its cluster by ARN or by name.
    const name = id.split("/").pop();
    const services = account
      .list("aws:ecs/service:Service")
      .filter(({ inputs }) => inputs.cluster === id || inputs.cluster === name);
    if (services.length > 0) {
      throw new AwsError(
        "ClusterContainsServicesException",
        `The Cluster cannot be deleted while Services are active: ${services.map((each) => each.id).join(", ")}`,
      );
    }
  },
};

const providersInputs = regional({
  clusterName: z.string(),
  capacityProviders: z
    .array(
      z.enum(["FARGATE", "FARGATE_SPOT"], {
        error: ({ input }) =>
          `The embedded AWS models no capacity provider ${String(input)}: it models FARGATE and FARGATE_SPOT`,
      }),
    )
    .optional(),
  defaultCapacityProviderStrategies: strategies.optional(),
}).superRefine(({ capacityProviders = [], defaultCapacityProviderStrategies = [] }, context) => {
  defaultCapacityProviderStrategies.forEach(({ capacityProvider }, index) => {
    if (!capacityProviders.some((each) => each === capacityProvider)) {
      refusal(context)(
        `defaultCapacityProviderStrategies.${index}.capacityProvider`,
        `The specified capacity provider '${capacityProvider}' is not associated with the cluster: list it in capacityProviders`,
      );
    }
  });
});
type ProvidersInputs = z.infer<typeof providersInputs>;

const clusterCapacityProviders: Model = {
  type: "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  inputs: providersInputs,
  references: [
    { path: "clusterName", to: clusterType, by: "name", missing: "ClusterNotFoundException", holds: false },
  ],
  unique: [{ property: "clusterName", taken: "UpdateInProgressException" }],
  computed: [],
  identify: (given: ProvidersInputs) => given.clusterName,
  describe: () => ({}),
  beforeDelete({ id }, { account }) {
    const users = account.list("aws:ecs/service:Service").filter(({ inputs }) => {
      const ownStrategies = (inputs.capacityProviderStrategies ?? []) as unknown[];
      return ownStrategies.length > 0 && String(inputs.cluster).split("/").pop() === id;
    });
    if (users.length > 0) {
      throw new AwsError(
        "ResourceInUseException",
        `The capacity providers of ${id} are in use by ${users.map((each) => each.id).join(", ")}`,
      );
    }
  },
};

export const models: readonly Model[] = [cluster, clusterCapacityProviders, taskDefinition, service];
