// What `pulumi up` of this program asks of AWS. A role may do nothing else, so a new resource type needs a row here.

/** What a deployment may do with one AWS service; actions stand without the service's name in front. */
export interface ServicePermissions {
  /** Actions by the resource type of the program that needs them. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  /** Actions for every type of the service, its tags above all. */
  readonly always: readonly string[];
  /** Actions that only list and describe; they are allowed on everything. */
  readonly reads?: readonly string[];
  /**
   * What the other actions are for, from the ARN's account on: AWS sees `chatpop-db-2034aca` because the program calls
   * it `chatpop-db`. Left out where ARNs carry no names; then only the region limits them.
   */
  readonly names?: readonly string[];
  /** Complete ARNs in place of `names`, for a service whose ARNs carry no region. */
  readonly arns?: readonly string[];
  /** Actions on what another service names, from that service on: `rds:*:<account>:snapshot:awsbackup:*`. */
  readonly ofOthers?: {
    readonly actions: readonly string[];
    readonly service: string;
    readonly name: string;
  };
  /** Actions of a service with `names` that AWS limits to no resource. */
  readonly unnamed?: readonly string[];
  /** True where the program has resources in another region too. @default false */
  readonly everyRegion?: boolean;
}

/** Services as IAM names them. A group of them is one managed policy, which may have 6,144 characters. */
export type Permissions = Readonly<Record<string, ServicePermissions>>;
