/** The regions of the embedded AWS and the letters of their availability zones. */
export const regions: Readonly<Record<string, string>> = {
  "af-south-1": "abc",
  "ap-east-1": "abc",
  "ap-east-2": "abc",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ap-northeast-3": "abc",
  "ap-south-1": "abc",
  "ap-south-2": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "ap-southeast-3": "abc",
  "ap-southeast-4": "abc",
  "ap-southeast-5": "abc",
  "ap-southeast-6": "abc",
  "ap-southeast-7": "abc",
  "ca-central-1": "abd",
  "ca-west-1": "abc",
  "eu-central-1": "abc",
  "eu-central-2": "abc",
  "eu-north-1": "abc",
  "eu-south-1": "abc",
  "eu-south-2": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "il-central-1": "abc",
  "me-central-1": "abc",
  "me-south-1": "abc",
  "mx-central-1": "abc",
  "sa-east-1": "abc",
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-west-1": "ac",
  "us-west-2": "abcd",
};

/** Regions that an account has to turn on before it can use them. */
export const optIn: readonly string[] = [
  ...[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
  ],
  ...[
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
  ],
  ...["me-south-1", "mx-central-1"],
];

/** Names of a region's availability zones: `us-east-1a`. */
export function zonesOf(region: string): string[] {
  return [...(regions[region] ?? "")].map((letter) => region + letter);
}

/** The id behind a zone's name: `use1-az1` for `us-east-1a`. */
export function zoneId(zone: string): string {
  const region = zone.slice(0, -1);
  const short = region.replace(
    /-(north|south|east|west|central)?(east|west)?-/,
    (_, first = "", second = "") => [first, second].map((word: string) => word.slice(0, 1)).join(""),
  );
  return `${short}-az${zonesOf(region).indexOf(zone) + 1}`;
}
