// Verdicts of AWS's documentation on single resources, against those of the embedded AWS.
import { expect } from "chai";
import { check } from "../../provider/check";
import { type Case } from "./cases/case";
import { clusters } from "./cases/clusters";
import { compute } from "./cases/compute";
import { data } from "./cases/data";
import { dataLimits } from "./cases/dataLimits";
import { dataMistakes } from "./cases/dataMistakes";
import { databases } from "./cases/databases";
import { edge } from "./cases/edge";
import { edgeMistakes } from "./cases/edgeMistakes";
import { events } from "./cases/events";
import { front } from "./cases/front";
import { frontLimits } from "./cases/frontLimits";
import { identity } from "./cases/identity";
import { identityMistakes } from "./cases/identityMistakes";
import { kinds } from "./cases/kinds";
import { keeping } from "./cases/keeping";
import { messages } from "./cases/messages";
import { network } from "./cases/network";
import { networkLimits } from "./cases/networkLimits";
import { networkMistakes } from "./cases/networkMistakes";
import { operationLimits } from "./cases/operationLimits";
import { operationMistakes } from "./cases/operationMistakes";
import { patterns } from "./cases/patterns";
import { places } from "./cases/places";
import { scaling } from "./cases/scaling";
import { serviceLimits } from "./cases/serviceLimits";
import { tasks } from "./cases/tasks";
import { watching } from "./cases/watching";
import { modelOf, World } from "./world";

const all = [
  ...network,
  ...data,
  ...compute,
  ...identity,
  ...events,
  ...messages,
  ...[clusters, scaling, databases, edge, places].flat(),
  ...[patterns, tasks, front, keeping, watching].flat(),
  ...[networkLimits, frontLimits, dataLimits, serviceLimits, operationLimits, kinds].flat(),
  ...[networkMistakes, edgeMistakes, dataMistakes, operationMistakes, identityMistakes].flat(),
];

/** Refusals of the embedded AWS, in the order of the provider's steps; none where the resource is made. */
function refusalOf({ type, inputs }: Case): string {
  const world = new World();
  const model = modelOf(type);
  const given = inputs(world);
  const { failures } = check(
    model,
    `urn:pulumi:test::chatpop::${model.type}::it`,
    given,
    {},
    Buffer.from("seed"),
    {},
  );
  if (failures.length > 0) return failures.join("\n");
  try {
    world.create(type, given);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

/** A refusal that says of itself that AWS may think otherwise. */
const isLimit = (refusal: string) => /^([\w.]+: )*The embedded AWS/m.test(refusal);

describe("single resources, by AWS's documentation", () => {
  for (const each of all) {
    const { type, name, accepted, source } = each;
    it(`${accepted ? "accepts" : "refuses"} ${type}: ${name}`, () => {
      const refusal = refusalOf(each);
      if (!accepted) expect(refusal, source).to.not.equal("");
      else if (!isLimit(refusal)) expect(refusal, source).to.equal("");
    });
  }

  it("refuse a change of what is accepted, and not all of it", () => {
    const made = new Set(
      all.filter((each) => each.accepted && refusalOf(each) === "").map(({ type, source }) => type + source),
    );
    const refused = all.filter(({ accepted }) => !accepted).map(({ type, source }) => type + source);
    expect([...new Set(refused)].filter((each) => !made.has(each))).to.be.empty;
  });
});
