import { expect } from "chai";
import { rules } from "../../policy/pack";
import { types as policyTypes } from "../../aws/types";
import { sample } from "../exhaustive";
import type { Registration } from "../recording/monitor";
import { type Path, pathsIn, replaceAt, valueAt, withEntry } from "../recording/paths";
import { record } from "../recording/recording";
import { types } from "../recording/types";
import { unknownWire, type Wire } from "../recording/wire";
import { analyze, type Diagnostic, cannotRun } from "./analysis";
import { violations } from "./cases";
import { all, merge, type Mutation, set } from "./mutations";

const judged = async (mutation: Mutation, one?: (resource: Registration) => boolean) =>
  analyze(mutation((await record("large", "update")).registrations), one);

const withUnknown = (hide: (resource: Registration, property: string) => boolean): Mutation => {
  const edit = (resource: Registration, wire: Readonly<Record<string, Wire>>) =>
    Object.fromEntries(
      Object.entries(wire).map(([key, value]) => [key, hide(resource, key) ? unknownWire : value]),
    );
  return (resources) =>
    resources.map((each) => ({
      ...each,
      wireInputs: edit(each, each.wireInputs),
      wireOutputs: edit(each, each.wireOutputs),
    }));
};

const gaveUp = (found: readonly Diagnostic[]) => found.filter(({ message }) => message.includes(cannotRun));

const deferral = (found: readonly Diagnostic[]) =>
  found.filter(({ policy }) => policy === "deferred-to-update");

describe("values that a preview does not know", () => {
  it("end no rule, whichever property they are in, and refuse nothing", async () => {
    const { registrations } = await record("large", "update");
    const properties = new Set(registrations.flatMap((each) => Object.keys(each.wireOutputs)));
    // The plan is what the rules about the scale go by.
    for (const property of [...properties].filter((each) => each !== "plan")) {
      const found = await judged(
        withUnknown((_resource, each) => each === property),
        ({ wireOutputs }) => property in wireOutputs,
      );
      expect(gaveUp(found), property).to.deep.equal([]);
      expect(
        found.filter(({ level }) => level === "mandatory"),
        property,
      ).to.deep.equal([]);
      expect(deferral(found), property).to.have.length.at.most(1);
    }
  });

  it("hide no violation of the same resource, nor of another one", async () => {
    const others = { [types.targetGroup]: "deregistrationDelay", [types.database]: "storageEncrypted" };
    const found = await judged(
      all(
        merge({ type: types.targetGroup }, "stickiness", { cookieDuration: 3_600 }),
        set({ type: types.database }, "backupRetentionPeriod", 0),
        set({ type: types.proxy }, "requireTls", false),
        withUnknown(({ type }, property) => others[type as keyof typeof others] === property),
        // Within one argument as well: what is beside the cookie's duration is unknown.
        merge({ type: types.targetGroup }, "stickiness", { type: unknownWire, enabled: unknownWire }),
      ),
    );
    expect(gaveUp(found)).to.deep.equal([]);
    const mandatory = found.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
    expect(mandatory).to.have.members(["sticky-sessions", "database-backups", "proxy-tls"]);
  });

  it("are counted in one line, with the resources that wait", async () => {
    const found = await judged(
      withUnknown(
        ({ type }, property) =>
          (type === types.targetGroup && property === "deregistrationDelay") ||
          (type === types.loadBalancer && property === "idleTimeout"),
      ),
    );
    expect(deferral(found).map(({ level, message }) => ({ level, message }))).to.deep.equal([
      {
        level: "advisory",
        message: "4 checks deferred to update, which will know the values: chatpop-alb 2, chatpop-tg 2.",
      },
    ]);
  });

  it("are forgotten once they are known: an update defers nothing", async () => {
    await judged(withUnknown((_resource, property) => property === "idleTimeout"));
    expect(deferral(await judged((resources) => resources))).to.deep.equal([]);
  });
});

/** What a resource may turn out to be: the value at a way replaced, wherever it is known. */
const changed = (resource: Registration, path: Path, value: Wire | undefined): Registration => ({
  ...resource,
  wireInputs: replaceAt(resource.wireInputs, path, value) as Registration["wireInputs"],
  wireOutputs: replaceAt(resource.wireOutputs, path, value) as Registration["wireOutputs"],
});

/** Values, and entries of lists, that may mend a violation, whatever it is. */
const remedies: readonly (Wire | undefined)[] = [
  ...[
    undefined,
    null,
    "",
    "x",
    "10.0.0.0/8",
    "FARGATE",
    "CPUCreditBalance",
    "Disabled",
    0,
    1e15,
    true,
    false,
    [],
    {},
  ],
  {
    ...{ capacityProvider: "FARGATE", base: 1, name: "TargetGroup", originAccessControlId: "x" },
    ...{ status: "Enabled", abortIncompleteMultipartUpload: {}, noncurrentVersionExpiration: {} },
  },
  { id: "halved", expression: "connections / (2 * tasks)" },
  { name: "idle_in_transaction_session_timeout", value: "60000" },
  { comparisonOperator: "GREATER_THAN", threshold: 80, subscriberEmailAddresses: ["on-call@example.com"] },
];

/** What a rule reads as one: the range of ports, the set of dimensions, a provider with its share, two names, a metric's space and name. */
const readTogether: Readonly<Record<string, RegExp>> = {
  "internet-ingress": /^(ipProtocol|fromPort|toPort)$/,
  "connection-scaling-from-1000-rooms": /\.dimensions$/,
  "function-log-retention": /^name$/,
  "alarm-has-data": /^(namespace|metricName)$/,
  "idle-transactions-end": /^parameters\.\d+\.name$/,
  "relay-outlives-spot": /\.capacityProvider$/,
};

describe("an unknown value within what breaks a rule", () => {
  const judged = sample(violations, ({ policy }) => policy);
  for (const { policy, what, scale, config, mutation, blames, says } of judged) {
    it(`does not hide ${what} from ${policy}, unless it decides that`, async () => {
      const { registrations } = await record(scale, "update", config);
      const untouched = new Map(registrations.map((each) => [each.urn, each]));
      const broken = mutation ? mutation(registrations) : registrations;
      const involved = broken.filter(
        (each) => untouched.get(each.urn) !== each || `${each.type} ${each.name}` === blames,
      );
      const rule = rules.filter(({ name }) => name === policy);
      const shows = async (one: Registration) => {
        const resources = broken.map((each) => (each.urn === one.urn ? one : each));
        const found = await analyze(resources, ({ urn }) => involved.some((each) => each.urn === urn), rule);
        return found.some(({ message }) => says.test(message));
      };
      for (const resource of involved.slice(0, 6)) {
        const paths = [...pathsIn(resource.wireOutputs), ...pathsIn(resource.wireInputs)];
        for (const path of new Map(paths.map((each) => [each.join("."), each])).values()) {
          if (readTogether[policy]?.test(path.join("."))) continue;
          const before = untouched.get(resource.urn);
          const original = [before?.wireOutputs, before?.wireInputs].map((wire) => valueAt(wire, path));
          const shown = (value: Wire | undefined) => shows(changed(resource, path, value));
          if (!(await shown(unknownWire))) {
            const decides = await some([...original, ...remedies], async (value) => !(await shown(value)));
            expect(decides, `${resource.name} ${path.join(".")} is unknown`).to.equal(true);
          }
          const current = valueAt(resource.wireOutputs, path);
          const more = withEntry(current, unknownWire);
          if (more !== undefined && !(await shown(more))) {
            const entries = remedies.filter((value) => value !== undefined);
            const decides = await some(entries, async (value) => !(await shown(withEntry(current, value))));
            expect(decides, `an entry of ${resource.name} ${path.join(".")} is unknown`).to.equal(true);
          }
        }
      }
    });
  }
});

/** Whether a check holds for one of some values. */
async function some<T>(values: readonly T[], check: (value: T) => Promise<boolean>): Promise<boolean> {
  for (const value of values) if (await check(value)) return true;
  return false;
}

describe("the types that rules ask for", () => {
  it("exist in the AWS provider: a mistyped token would never fire", () => {
    for (const token of Object.values(policyTypes)) {
      const [, path, name] = /^aws:([\w/]+):(\w+)$/.exec(token)!;
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const module = require(`@pulumi/aws/${path}`) as Record<string, { __pulumiType?: string }>;
      expect(module[name!]?.__pulumiType).to.equal(token);
    }
  });
});
