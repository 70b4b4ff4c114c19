import { expect } from "chai";
import { Recording } from "../recording/recording";
import { run } from "../recording/program";
import { types } from "../recording/types";
import { environment } from "../components/container";
import { mediaDistribution } from "../signingKey";

/** The first one, one with a host of S3 in every style, and one of those since 2019, which the global hosts do not know. */
const regions = ["us-east-1", "eu-central-1", "me-central-1"];
const aRegion =
  /\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)-(?:gov-)?(?:north|south|east|west|central)(?:east|west)?-\d\b/g;
const account = "123456789012";

/** Everything that can be turned on and names a host, an ARN or a service. */
const settings = (region: string) => ({
  scale: "large",
  ...mediaDistribution,
  secrets: mediaDistribution.secrets.replaceAll("us-east-1", region),
  webFirewall: "true",
  accessLogs: "true",
  domain: "chat.example.com",
  hostedZone: "example.com",
  deployRepository: "octo-org/octo-repo",
  alarmEmail: "on-call@example.com",
  monthlyBudget: "5000",
  executeCommand: "true",
});

/** All texts in a value, with the path to each. */
function* texts(value: unknown, path = ""): Generator<readonly [path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (typeof value === "object" && value !== null)
    for (const [key, each] of Object.entries(value)) yield* texts(each, `${path}.${key}`);
}

for (const region of regions) {
  describe(`the program in ${region}`, () => {
    let recording: Recording;
    let said: readonly (readonly [string, string])[];
    before(async () => {
      const result = await run({ config: settings(region), preview: false, region });
      if (result.error) throw result.error;
      recording = new Recording(result);
      said = recording.registrations.flatMap(({ type, name, wireInputs }) => [
        ...texts(wireInputs, `${type} ${name}`),
      ]);
    });

    it("names no other region, in no host, ARN or policy", () => {
      const others = said.flatMap(([path, text]) =>
        [...text.matchAll(aRegion)]
          .filter(([found]) => found !== region)
          .map(([found]) => `${path}: ${found}`),
      );
      expect(others).to.be.empty;
      expect(said.some(([, text]) => text.includes(region))).to.be.true;
    });

    it("asks S3 at the region's host, where URLs are signed for it", () => {
      expect(environment(recording)).to.include({
        AWS_S3_REGION_NAME: region,
        AWS_S3_ADDRESSING_STYLE: "virtual",
      });
      expect(said.filter(([, text]) => /\bs3\.amazonaws\.com/.test(text))).to.be.empty;
      expect(recording.ofType(types.distribution)[0]?.inputs["origins"]).to.have.nested.property(
        "[0].domainName",
        `chatpop-media-1a2b3c4.s3.${region}.amazonaws.com`,
      );
    });

    it("names one partition and one account", () => {
      const arns = said.flatMap(([, text]) => [...text.matchAll(/\barn:([\w-]+):[\w-]*:[\w*-]*:(\d*)/g)]);
      expect(new Set(arns.map(([, partition]) => partition))).to.deep.equal(new Set(["aws"]));
      expect([...new Set(arns.map(([, , owner]) => owner))]).to.have.members(["", account]);
    });
  });
}
