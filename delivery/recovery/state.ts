// The engine's state after an interrupted update.

/** Inputs of a resource in the state; secret ones are encrypted. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A resource in the state. */
export interface Known {
  /** Pulumi's name of it. */
  readonly urn: string;
  /** Type token: `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** Its id in AWS; undefined for a component, and before the creation. */
  readonly id?: string;
  /** Inputs from the program. */
  readonly inputs?: Inputs;
  /** Outputs from AWS. */
  readonly outputs?: Inputs;
}

/** An operation that the engine had begun when it ended. */
export interface Pending {
  /** `creating`, `updating`, `deleting`, `reading` or `importing`. */
  readonly type: string;
  /** Resource of the operation. */
  readonly resource: Known;
}

/** The output of `pulumi stack export`, in part. */
export interface Export {
  /** Resources, and the operations that had begun and not ended. */
  readonly deployment: {
    readonly resources?: readonly Known[];
    readonly pending_operations?: readonly Pending[];
  };
}

/** The AWS provider's default tags, which identify the stack's own resources. */
export function defaultTags({ deployment }: Export): Readonly<Record<string, string>> {
  const provider = deployment.resources?.find(
    ({ type, inputs }) => type === "pulumi:providers:aws" && inputs?.["defaultTags"] !== undefined,
  );
  const { tags = {} } = JSON.parse(String(provider?.inputs?.["defaultTags"] ?? "{}")) as {
    tags?: Record<string, string>;
  };
  return tags;
}

/** Whether the ARN names a resource of the state. */
export function isKnown(arn: string, { deployment }: Export): boolean {
  const last = arn.slice(Math.max(arn.lastIndexOf("/"), arn.lastIndexOf(":")) + 1);
  return (deployment.resources ?? []).some(
    ({ id, outputs }) =>
      id === arn || id === last || outputs?.["arn"] === arn || outputs?.["id"] === last || endsInId(arn, id),
  );
}

/** An id with slashes, such as a log group's: `/aws/lambda/release`. */
const endsInId = (arn: string, id: string | undefined): boolean =>
  id !== undefined && id.includes("/") && arn.replace(/:\*$/, "").endsWith(`:${id}`);

/** Regions of the stack's AWS providers. */
export function regionsOf({ deployment }: Export): readonly string[] {
  const regions = (deployment.resources ?? [])
    .filter(({ type }) => type === "pulumi:providers:aws")
    .flatMap(({ inputs }) => (typeof inputs?.["region"] === "string" ? [inputs["region"]] : []));
  return [...new Set(regions)];
}

/** Folders of the stack's saved queries, made or begun: `chatpop-small/`. */
export function queryFoldersOf({ deployment }: Export): readonly string[] {
  const begun = (deployment.pending_operations ?? []).map(({ resource }) => resource);
  const folders = [...(deployment.resources ?? []), ...begun]
    .filter(({ type }) => type === "aws:cloudwatch/queryDefinition:QueryDefinition")
    .map(({ inputs }) => String(inputs?.["name"]).replace(/[^/]*$/, ""));
  return [...new Set(folders)].filter((folder) => folder !== "");
}
