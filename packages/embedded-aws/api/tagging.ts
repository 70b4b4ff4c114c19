// Resource Groups Tagging API: finds resources by their tags.
import type { Resource } from "../account";
import { models } from "../models/registry";
import { takes } from "../provider/context";
import type { Context } from "../models/model";
import { authorize, type Operations } from "./call";

interface Filter {
  readonly Key: string;
  readonly Values?: readonly string[];
}

/** Types without an output `arn`, with the kind that their ARN names. */
const kinds: Readonly<Record<string, string>> = {
  "aws:ec2/natGateway:NatGateway": "natgateway",
  "aws:ec2/eip:Eip": "elastic-ip",
};

/** The API does not return roles, although they have tags. */
const unknownToIt = new Set(["aws:iam/role:Role"]);

export const operations: Operations = {
  GetResources(input, caller) {
    authorize(caller, "tag:GetResources", "*");
    const filters = (input.TagFilters ?? []) as Filter[];
    const { context } = caller;
    const tagged = [...models.values()]
      .filter((model) => takes(model, "tags") && !unknownToIt.has(model.type))
      .flatMap(({ type }) => context.account.list(type))
      .filter((resource) => filters.every((filter) => carries(resource, filter)));
    return {
      PaginationToken: "",
      ResourceTagMappingList: tagged.map((resource) => ({
        ResourceARN: arnOf(resource, context),
        Tags: Object.entries(tagsOf(resource)).map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },
};

const tagsOf = ({ outputs }: Resource) => (outputs.tagsAll ?? {}) as Record<string, string>;

const carries = (resource: Resource, { Key, Values = [] }: Filter): boolean => {
  const value = tagsOf(resource)[Key];
  return value !== undefined && (Values.length === 0 || Values.includes(value));
};

function arnOf({ type, id, outputs }: Resource, { region, accountId }: Context): string {
  if (typeof outputs.arn === "string") return outputs.arn;
  return `arn:aws:ec2:${region}:${accountId}:${kinds[type] ?? "resource"}/${id}`;
}
