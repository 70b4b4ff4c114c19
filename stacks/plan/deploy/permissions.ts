// The AWS calls of `pulumi up`. The role that deploys may make no others, so a new resource type needs a row here.

/** Permissions of a deployment for one AWS service; actions have no service prefix. */
export interface ServicePermissions {
  /** Actions by the resource type of the program that needs them. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  /** Actions for every type of the service, such as tagging. */
  readonly always: readonly string[];
  /** Actions that only list and describe; they are allowed on all resources. */
  readonly reads?: readonly string[];
  /**
   * Resources of the other actions, as the part of the ARN after the account: AWS sees `chatpop-db-2034aca` for the
   * program's `chatpop-db`. Absent if ARNs have no names; then only the region limits the actions.
   */
  readonly names?: readonly string[];
  /** Complete ARNs instead of `names`, for a service whose ARNs have no region. */
  readonly arns?: readonly string[];
  /**
   * Actions on another service's resources, as the ARN from that service on: `rds:*:<account>:snapshot:awsbackup:*`.
   */
  readonly ofOthers?: {
    readonly actions: readonly string[];
    readonly service: string;
    readonly name: string;
  };
  /** Actions of a service with `names` that AWS cannot limit to a resource. */
  readonly unnamed?: readonly string[];
  /** Whether the program has resources in another region too. @default false */
  readonly everyRegion?: boolean;
}

/** Services by IAM prefix. Each group becomes one managed policy, of at most 6,144 characters. */
export type Permissions = Readonly<Record<string, ServicePermissions>>;
