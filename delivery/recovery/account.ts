// Resources of the account, by tag, and saved queries, which have no tags, by name.
import { CloudWatchLogsClient, DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  type ResourceTagMapping,
} from "@aws-sdk/client-resource-groups-tagging-api";
import type { Tagged } from "./plan";

/** All resources of these regions that carry all of these tags. */
export async function taggedResources(
  tags: Readonly<Record<string, string>>,
  regions: readonly string[],
): Promise<readonly Tagged[]> {
  const found: Tagged[] = [];
  for (const region of regions) {
    const client = new ResourceGroupsTaggingAPIClient({ region });
    let PaginationToken: string | undefined;
    do {
      const page = await client.send(
        new GetResourcesCommand({
          TagFilters: Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] })),
          PaginationToken,
        }),
      );
      found.push(...(page.ResourceTagMappingList ?? []).map(readMapping));
      PaginationToken = page.PaginationToken || undefined;
    } while (PaginationToken !== undefined);
  }
  return found;
}

const readMapping = ({ ResourceARN = "", Tags = [] }: ResourceTagMapping): Tagged => ({
  arn: ResourceARN,
  tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
});

/** All saved queries of these regions whose name begins so. */
export async function savedQueries(
  prefix: string,
  regions: readonly string[],
  accountId: string,
): Promise<readonly Tagged[]> {
  const found: Tagged[] = [];
  for (const region of regions) {
    const client = new CloudWatchLogsClient({ region });
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: prefix, nextToken }),
      );
      for (const { queryDefinitionId: id, name } of page.queryDefinitions ?? [])
        found.push({ arn: `arn:aws:logs:${region}:${accountId}:query-definition:${id}`, tags: {}, name });
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return found;
}
