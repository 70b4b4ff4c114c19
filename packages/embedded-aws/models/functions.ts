// The functions (invokes) by which programs query AWS.
import { createHash } from "node:crypto";
import type { Account, Resource } from "../account";
import type { Properties } from "./model";
import { policyDocumentOf } from "./policyDocumentFunction";
import { regions, zoneId, zonesOf } from "./regions";
import { getZone } from "./route53";

/** Place of a function's call. */
export interface Asker {
  readonly region: string;
  readonly accountId: string;
  readonly account: Account;
}

const functions: Readonly<Record<string, (args: Properties, asker: Asker) => Properties>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
    const excluded = [...list(args["excludeNames"]), ...list(args["excludeZoneIds"])];
    const names = zonesOf(region).filter(
      (zone) => !excluded.includes(zone) && !excluded.includes(zoneId(zone)),
    );
    return { ...args, id: region, region, names, zoneIds: names.map(zoneId), groupNames: [region] };
  },
  "aws:index/getRegion:getRegion": (args, { region }) => {
    const name = String(args["name"] ?? args["id"] ?? region);
    if (!(name in regions)) throw new Error(`no matching region found: ${name}`);
    return { id: name, name, region: name, description: name, endpoint: `ec2.${name}.amazonaws.com` };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { accountId }) => ({
    id: accountId,
    accountId,
    arn: `arn:aws:iam::${accountId}:user/offline`,
    userId: "AIDAOFFLINE0000000000",
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getServicePrincipal:getServicePrincipal": (args, { region }) => {
    const name = `${String(args["serviceName"])}.amazonaws.com`;
    return {
      id: `${region}.${name}`,
      name,
      region,
      serviceName: args["serviceName"],
      suffix: "amazonaws.com",
    };
  },
  "aws:ec2/getVpc:getVpc": (args, { account }) => {
    const found = filtered(account.list("aws:ec2/vpc:Vpc"), args).filter(
      ({ id, inputs, outputs }) =>
        (args["id"] ?? id) === id &&
        (args["cidrBlock"] ?? inputs["cidrBlock"]) === inputs["cidrBlock"] &&
        (args["default"] ?? false) ===
          (args["default"] === undefined ? false : (outputs["default"] ?? false)),
    );
    return only(found, "EC2 VPC");
  },
  "aws:ec2/getSubnets:getSubnets": (args, { account, region }) => ({
    id: region,
    ids: filtered(account.list("aws:ec2/subnet:Subnet"), args).map(({ id }) => id),
  }),
  "aws:ec2/getSubnet:getSubnet": (args, { account }) =>
    only(
      filtered(account.list("aws:ec2/subnet:Subnet"), args).filter(({ id }) => (args["id"] ?? id) === id),
      "EC2 Subnet",
    ),
  "aws:ec2/getAmi:getAmi": (args, { region }) => {
    const owners = list(args["owners"]).map(String);
    if (
      owners.length > 0 &&
      !owners.every((owner) => /^(self|amazon|aws-marketplace|aws-backup-vault|\d{12})$/.test(owner))
    )
      throw new Error(`InvalidUserID.Malformed: Invalid user id: ${owners.join(", ")}`);
    if (owners.length === 0 && args["filters"] === undefined)
      throw new Error("one of executableUsers, filters, nameRegex or owners must be given");
    if (owners.includes("self"))
      throw new Error("Your query returned no results. Please change your search criteria and try again.");
    const id = `ami-${createHash("sha256")
      .update(`${region} ${JSON.stringify(args["filters"] ?? null)}`)
      .digest("hex")
      .slice(0, 17)}`;
    return {
      ...args,
      id,
      imageId: id,
      arn: `arn:aws:ec2:${region}::image/${id}`,
      architecture: "x86_64",
      name: "embedded",
      state: "available",
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocumentOf,
  "aws:route53/getZone:getZone": getZone,
};

/** Answers a function of the `aws` package. */
export function call(token: string, args: Properties, asker: Asker): Properties {
  const answer = functions[token];
  if (answer === undefined) {
    throw new Error(
      `The embedded AWS has no function ${token}. Write it in packages/embedded-aws/models/functions.ts; ` +
        `it has ${Object.keys(functions).join(", ")}.`,
    );
  }
  return answer(args, asker);
}

/** The resources that match the filters, tags and ids of a query. */
function filtered(resources: readonly Resource[], args: Properties): readonly Resource[] {
  const filters = list(args["filters"]) as { name: string; values: unknown[] }[];
  const wantedTags = Object.entries((args["tags"] ?? {}) as Properties);
  return resources.filter(
    ({ id, inputs, outputs }) =>
      filters.every(({ name, values }) => {
        const tag = /^tag:(.+)$/.exec(name)?.[1];
        const property = names[name] ?? name;
        const value =
          tag === undefined
            ? property === "id"
              ? id
              : (outputs[property] ?? inputs[property] ?? false)
            : (outputs["tagsAll"] as Properties | undefined)?.[tag];
        return list(values).map(String).includes(String(value));
      }) &&
      wantedTags.every(([key, value]) => (outputs["tagsAll"] as Properties | undefined)?.[key] === value),
  );
}

/** EC2's names of filters that differ from the provider's names of properties. */
const names: Readonly<Record<string, string>> = {
  "vpc-id": "vpcId",
  "subnet-id": "id",
  "availability-zone": "availabilityZone",
  cidr: "cidrBlock",
  "cidr-block": "cidrBlock",
  "default-for-az": "defaultForAz",
  "map-public-ip-on-launch": "mapPublicIpOnLaunch",
  "is-default": "default",
  isDefault: "default",
};

/** The only resource that a query must find. */
function only(found: readonly Resource[], what: string): Properties {
  if (found.length !== 1) {
    throw new Error(
      found.length === 0
        ? `no matching ${what} found`
        : `multiple ${what}s matched; use additional constraints to reduce matches to a single ${what}`,
    );
  }
  const [{ id, outputs }] = found as [Resource];
  return { ...outputs, id };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
