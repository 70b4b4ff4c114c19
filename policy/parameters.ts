/** A parameter of a group, of a database or a cache. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** When RDS applies it; ElastiCache has no choice. */
  readonly applyMethod?: string;
}
