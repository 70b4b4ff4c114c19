// Resources that AWS still lists with the run's tag after the destruction.
import { setTimeout as sleep } from "node:timers/promises";
import { taggedResources } from "../delivery/recovery/account";

/** ARNs of resources that AWS lists although they are deleted, or will be, and cost nothing. */
const fates: readonly (readonly [arn: RegExp, fate: string])[] = [
  [/:task-definition\//, "a deregistered revision, which ECS keeps and does not charge"],
  [/:kms:.*:key\//, "deleted when its waiting time ends; free until then"],
  [/:secretsmanager:.*:secret:/, "deleted when its recovery time ends; free until then"],
  [/:ecs:.*:(cluster|service)\//, "INACTIVE: ECS lists it for a while and does not charge it"],
  [/:ec2:.*:natgateway\//, "deleted: EC2 lists it for about an hour and does not charge it"],
];

/** State of a resource that AWS still lists; empty if it costs money until somebody deletes it. */
export const fateOf = (arn: string): string => fates.find(([pattern]) => pattern.test(arn))?.[1] ?? "";

/** A resource that AWS still lists. */
export interface Left {
  /** Of the resource. */
  readonly arn: string;
  /** Its state, see `fateOf`. */
  readonly fate: string;
}

/**
 * Everything that AWS lists with this tag. The list of tags lags by minutes, so it is read again while it contains a
 * resource that costs money.
 *
 * @param tries Number of readings, one per minute.
 */
export async function leftOf(
  tags: Readonly<Record<string, string>>,
  region: string,
  tries = 1,
): Promise<readonly Left[]> {
  for (let attempt = 1; ; attempt++) {
    const left = (await taggedResources(tags, [region])).map(({ arn }) => ({ arn, fate: fateOf(arn) }));
    if (attempt >= tries || left.every(({ fate }) => fate !== "")) return left;
    await sleep(60_000);
  }
}
