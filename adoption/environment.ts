// The existing environment, under the guide's names or the operator's.
import { adoptables, type AdoptedKind } from "../stacks/plan/adoption";
import { adoptedKinds } from "../stacks/settings/adoption";
import { nearest } from "../stacks/settings/nearest";
import { type Names, UsageError } from "./commandLine";

/** Properties of a resource with CloudFormation's names. */
export type Properties = Readonly<Record<string, unknown>>;

/** Read access to an account; `undefined` stands for a missing resource. */
export interface Account {
  get(type: string, identifier: string): Promise<Properties | undefined>;
  /** The identifiers of all resources of a type. */
  list(type: string): Promise<readonly string[]>;
}

/** CloudFormation's type of each kind that can be adopted. */
const cloudTypes: Readonly<Record<AdoptedKind, string>> = {
  database: "AWS::RDS::DBInstance",
  databaseSecret: "AWS::SecretsManager::Secret",
  djangoSecret: "AWS::SecretsManager::Secret",
  repository: "AWS::ECR::Repository",
  mediaBucket: "AWS::S3::Bucket",
  logGroup: "AWS::Logs::LogGroup",
};

/** The guide's cluster and service, which are read but not adopted. */
const guideService = "service/chatpop-cluster/chatpop-backend-service";

/** The resources that were found. */
export interface Environment {
  /** Identifiers in the form of `pulumi import`. */
  readonly found: Readonly<Partial<Record<AdoptedKind, string>>>;
  /** Properties by kind: the adopted kinds, and `parameters`, `service` and `task`. */
  readonly properties: Readonly<Record<string, Properties>>;
}

/**
 * Reads an environment.
 *
 * @param names Names that differ from the guide's, by kind.
 * @throws UsageError for a name that the account does not have.
 */
export async function readEnvironment(account: Account, names: Names): Promise<Environment> {
  const found: Partial<Record<AdoptedKind, string>> = {};
  const properties: Record<string, Properties> = {};
  for (const kind of adoptedKinds) {
    const name = names[kind] ?? adoptables[kind].guide;
    if (name === undefined) continue;
    const identifier = cloudTypes[kind].endsWith("Secret") ? await secretArn(account, name) : name;
    const resource = identifier && (await account.get(cloudTypes[kind], identifier));
    if (resource) [found[kind], properties[kind]] = [identifier, resource];
    else if (names[kind] !== undefined) throw new UsageError(await absent(account, kind, name));
  }
  const group = properties.database?.DBParameterGroupName;
  if (group !== undefined) {
    const parameters = await account.get("AWS::RDS::DBParameterGroup", String(group));
    if (parameters) properties.parameters = parameters;
  }
  const [, region, owner] =
    /^arn:aws:rds:([^:]+):(\d+):/.exec(String(properties.database?.DBInstanceArn)) ?? [];
  const arn = `arn:aws:ecs:${region}:${owner}:${guideService}`;
  const service = region && (await account.get("AWS::ECS::Service", `${arn}|chatpop-cluster`));
  if (service) {
    properties.service = service;
    const task = await account.get("AWS::ECS::TaskDefinition", String(service.TaskDefinition));
    if (task) properties.task = task;
  }
  return { found, properties };
}

/** Identifiers that a message lists. */
const mostListed = 10;

/** Refusal of a name that is not there: the operator would get an empty database beside the old one. */
async function absent(account: Account, kind: AdoptedKind, name: string): Promise<string> {
  const all = await account.list(cloudTypes[kind]);
  const [meant] = nearest(name, all);
  const others = all.length > mostListed ? [...all.slice(0, mostListed), "…"] : all;
  return (
    `NAMES gives ${kind} the name ${JSON.stringify(name)}, which the account does not have in this region. ` +
    (all.length > 0
      ? `It has ${others.join(", ")}. Give one of them, for instance: NAMES="${kind}=${meant ?? all[0]}"`
      : `It has no ${cloudTypes[kind]}. Leave ${kind} out of NAMES to have it made anew.`)
  );
}

/** Secrets Manager adds six characters of its own to a name. */
async function secretArn(account: Account, name: string): Promise<string | undefined> {
  if (name.startsWith("arn:")) return name;
  const all = await account.list("AWS::SecretsManager::Secret");
  return all.find((arn) => /^[^:]*(:[^:]*){5}:(.+)-\w{6}$/.exec(arn)?.[2] === name);
}
