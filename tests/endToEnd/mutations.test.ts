import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { rules } from "../../policy/pack";
import { type Scale, scales } from "../../stacks/guide";
import { itInAll } from "../exhaustive";
import { mutants } from "./mutants";
import { OtherProgram } from "./otherProgram";
import { mediaDistribution } from "../signingKey";

const pack = join(projectFolder, "policy");
const path = (file: string) => JSON.stringify(join(projectFolder, file));

/** This project's program, with the mistakes that its stack's scale has in the table. */
const mutated = (scale: string) => `
  require(${path("tests/endToEnd/mutants/index.ts")}).runMutated(${JSON.stringify(scale)});
  module.exports = require(${path("index.ts")});`;

/** This project's program, with every database parameter applied at once. */
const hasty = `
  const { runtime } = require(${path("node_modules/@pulumi/pulumi")});
  runtime.registerStackTransformation(({ type, props, opts }) => {
    if (type !== "aws:rds/parameterGroup:ParameterGroup") return undefined;
    const parameters = props.parameters.map((each) => ({ ...each, applyMethod: "immediate" }));
    return { props: { ...props, parameters }, opts };
  });
  module.exports = require(${path("index.ts")});`;

/** Broken by what only an update knows: `policyPack.test.ts` and `tests/policy/cases/release.ts`. */
const elsewhere = ["index-catalogue-complete", "migration-lock-timeout"];
/** Broken one by one over the recorded program alone: `tests/policy/cases/tired.ts`. */
const recorded = [
  ...["alarm-no-healthy-task", "budget-tells", "cache-fails-over", "certificate-covers-domain"],
  ...["function-runtime-supported", "load-balancer-reaches-tasks", "service-names-its-container"],
  ...["tasks-reach-data", "tasks-without-public-address", "web-firewall-guards"],
];
/**
 * Tested on its own below: the embedded AWS refuses this mistake too, which would hide all others of the same preview.
 */
const refusedByAws = "static-parameters-at-reboot";

/** Settings that bring the resources which some of the mistakes are made in. */
const limits = (schedule: string, minTasks: number) => ({ schedule, minTasks });
const schedule = { night: limits("cron(0 23 * * ? *)", 5), morning: limits("cron(0 7 * * ? *)", 10) };
const settings: Readonly<Record<Scale, readonly string[]>> = {
  small: [],
  medium: [
    ...["-c", "chatpop:domain=chat.example.com"],
    ...Object.entries(mediaDistribution).flatMap(([key, value]) => ["-c", `chatpop:${key}=${value}`]),
  ],
  large: [
    ...["-c", `chatpop:scheduledScaling=${JSON.stringify(schedule)}`],
    ...["-c", "chatpop:backupCopyRegion=us-west-2"],
  ],
};

const blamed = (urn: string) => {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)?.split(":").at(-1)} ${name}`;
};

describe("mistakes in the real program, on the real engine", function () {
  this.timeout(900_000);

  for (const scale of scales) {
    it(`are refused in the first preview of ${scale}, each by exactly its rules`, async () => {
      const program = new OtherProgram(mutated(scale), scale);
      try {
        const found = (await program.violations(pack, settings[scale]))
          .filter(({ enforcementLevel }) => enforcementLevel === "mandatory")
          .map(({ policyName, resourceUrn }) => `${policyName} @ ${blamed(resourceUrn)}`);
        const expected = mutants[scale].flatMap(({ resource, breaks }) =>
          breaks.map((rule) => {
            const [name, other] = rule.split("@");
            return `${name} @ ${other ?? resource.join(" ")}`;
          }),
        );
        expect([...new Set(found)].sort()).to.deep.equal(expected.sort());
      } finally {
        program.remove();
      }
    });
  }

  itInAll(
    "are refused by the pack where AWS refuses them as well: static parameters that do not wait for a restart (GAP-41)",
    async () => {
      const program = new OtherProgram(hasty, "small");
      try {
        const { code, stdout } = await program.pulumi(["preview", "--policy-pack", pack]);
        expect(code).to.not.equal(0);
        expect(stdout)
          .to.match(new RegExp(`\\[mandatory\\].*${refusedByAws}.*\\n.*shared_buffers is static`))
          .and.to.contain("cannot use immediate apply method for static parameter shared_buffers");
      } finally {
        program.remove();
      }
    },
  );

  it("break every mandatory rule", () => {
    const broken = new Set(
      Object.values(mutants)
        .flat()
        .flatMap(({ breaks }) => breaks.map((rule) => rule.split("@")[0])),
    );
    const mandatory = rules.filter(({ about }) => !about.level).map(({ name }) => name);
    expect(mandatory.filter((name) => !broken.has(name)).sort()).to.deep.equal(
      [...elsewhere, ...recorded, refusedByAws].sort(),
    );
  });
});
