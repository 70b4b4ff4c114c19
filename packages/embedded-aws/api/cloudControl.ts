// Cloud Control: one call for resources of many services, with CloudFormation's names.
import type { Resource } from "../account";
import { AwsError, type Properties } from "../models/model";
import { authorize, type Caller, type Operations } from "./call";

/** A type of CloudFormation, and its form in the account. */
interface Kind {
  /** The token of its model. */
  readonly type: string;
  identifier(resource: Resource): string;
  properties(outputs: Properties, inputs: Properties): Properties;
}

const named = (property: string) => (resource: Resource) => String(resource.outputs[property]);
const byId = ({ id }: Resource) => id;
type Parameter = { name: string; value: string };

const kinds: Readonly<Record<string, Kind | undefined>> = {
  "AWS::RDS::DBInstance": {
    type: "aws:rds/instance:Instance",
    identifier: named("identifier"),
    properties: (outputs) => ({
      DBInstanceIdentifier: outputs.identifier,
      DBInstanceArn: outputs.arn,
      AllocatedStorage: String(outputs.allocatedStorage),
      BackupRetentionPeriod: outputs.backupRetentionPeriod,
      DBParameterGroupName: outputs.parameterGroupName,
      DBSubnetGroupName: outputs.dbSubnetGroupName,
      DeletionProtection: outputs.deletionProtection ?? false,
      Engine: outputs.engine,
      EngineVersion: outputs.engineVersionActual,
      MasterUsername: outputs.username,
      MultiAZ: outputs.multiAz,
      PubliclyAccessible: outputs.publiclyAccessible ?? false,
      StorageEncrypted: outputs.storageEncrypted ?? false,
    }),
  },
  "AWS::RDS::DBParameterGroup": {
    type: "aws:rds/parameterGroup:ParameterGroup",
    identifier: named("name"),
    properties: ({ name, family, parameters }) => ({
      DBParameterGroupName: name,
      Family: family,
      Parameters: Object.fromEntries(
        ((parameters ?? []) as Parameter[]).map((each) => [each.name, each.value]),
      ),
    }),
  },
  "AWS::SecretsManager::Secret": {
    type: "aws:secretsmanager/secret:Secret",
    identifier: byId,
    properties: ({ arn, name }) => ({ Id: arn, Name: name }),
  },
  "AWS::ECR::Repository": {
    type: "aws:ecr/repository:Repository",
    identifier: named("name"),
    properties: ({ arn, name, imageTagMutability }) => ({
      Arn: arn,
      RepositoryName: name,
      ImageTagMutability: imageTagMutability ?? "MUTABLE",
    }),
  },
  "AWS::S3::Bucket": {
    type: "aws:s3/bucket:Bucket",
    identifier: byId,
    properties: ({ arn, bucket }) => ({ Arn: arn, BucketName: bucket }),
  },
  "AWS::Logs::LogGroup": {
    type: "aws:cloudwatch/logGroup:LogGroup",
    identifier: named("name"),
    // A group that keeps its logs for ever has no such property.
    properties: ({ arn, name, retentionInDays }) => ({
      Arn: arn,
      LogGroupName: name,
      ...(retentionInDays ? { RetentionInDays: retentionInDays } : {}),
    }),
  },
  "AWS::ECS::Service": {
    type: "aws:ecs/service:Service",
    identifier: ({ id }) => `${id}|${id.split("/")[1]}`,
    properties: (outputs, { launchType }) => ({
      ServiceArn: outputs.arn,
      ServiceName: outputs.name,
      Cluster: outputs.cluster,
      TaskDefinition: outputs.taskDefinition,
      LaunchType: launchType,
    }),
  },
  "AWS::ECS::TaskDefinition": {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    identifier: byId,
    properties: ({ arn, containerDefinitions }) => ({
      TaskDefinitionArn: arn,
      ContainerDefinitions: (
        JSON.parse(String(containerDefinitions)) as { name: string; image: string }[]
      ).map(({ name, image }) => ({ Name: name, Image: image })),
    }),
  },
};

const describe = (kind: Kind, resource: Resource) => ({
  Identifier: kind.identifier(resource),
  Properties: JSON.stringify(kind.properties(resource.outputs, resource.inputs)),
});

export const operations: Operations = {
  ListResources(input, caller) {
    authorize(caller, "cloudformation:ListResources", "*");
    const { kind, resources } = ofType(String(input.TypeName), caller);
    return { TypeName: input.TypeName, ResourceDescriptions: resources.map((each) => describe(kind, each)) };
  },
  GetResource(input, caller) {
    authorize(caller, "cloudformation:GetResource", "*");
    const { kind, resources } = ofType(String(input.TypeName), caller);
    const found = resources.find((each) => kind.identifier(each) === input.Identifier);
    if (!found)
      throw new AwsError(
        "ResourceNotFoundException",
        `Resource of type '${String(input.TypeName)}' with identifier '${String(input.Identifier)}' was not found.`,
      );
    return { TypeName: input.TypeName, ResourceDescription: describe(kind, found) };
  },
};

function ofType(name: string, { context }: Caller): { kind: Kind; resources: readonly Resource[] } {
  const kind = kinds[name];
  if (!kind)
    throw new AwsError(
      "TypeNotFoundException",
      `The embedded AWS does not know ${name}: list it in packages/embedded-aws/api/cloudControl.ts`,
    );
  return { kind, resources: context.account.list(kind.type) };
}
