// The functions (invokes) that programs ask AWS.
import type { Properties } from "./model";
import { policyDocumentOf } from "./policyDocumentFunction";
import { regions, zoneId, zonesOf } from "./regions";
import { getZone } from "./route53";

/** Where a function is asked. */
export interface Asker {
  readonly region: string;
  readonly accountId: string;
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

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
