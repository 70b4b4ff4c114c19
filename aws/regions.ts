/**
 * Regions of the partition `aws`, from AWS's list of regions (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html,
 * 2026-11-30). The others, GovCloud's and China's, have ARNs and host names of their own, which this program does not write.
 */
const places: Readonly<Record<string, readonly string[]>> = {
  af: ["south-1"],
  ap: [
    ...["east-1", "east-2", "northeast-1", "northeast-2", "northeast-3", "south-1", "south-2"],
    ...[
      "southeast-1",
      "southeast-2",
      "southeast-3",
      "southeast-4",
      "southeast-5",
      "southeast-6",
      "southeast-7",
    ],
  ],
  ca: ["central-1", "west-1"],
  eu: ["central-1", "central-2", "north-1", "south-1", "south-2", "west-1", "west-2", "west-3"],
  il: ["central-1"],
  me: ["central-1", "south-1"],
  mx: ["central-1"],
  sa: ["east-1"],
  us: ["east-1", "east-2", "west-1", "west-2"],
};

/** Names of all regions that the program can deploy to: `us-east-1`. */
export const regions: readonly string[] = Object.entries(places).flatMap(([area, names]) =>
  names.map((name) => `${area}-${name}`),
);

/** Why the program cannot deploy to a region; undefined when it can. */
export function regionFault(region: string): string | undefined {
  if (regions.includes(region)) return undefined;
  return /^(cn|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc)-/.test(region)
    ? "lies in another partition than aws: its ARNs and host names differ from those that this program writes"
    : "is no region of AWS";
}
