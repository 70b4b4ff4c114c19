// A small account in memory: runs a model's checks and hooks in the provider's order, without engine, disk or gRPC.
import { expect } from "chai";
import { RegionalView, type Resource } from "../../account";
import { models } from "../../models";
import type { Context, Model, Properties } from "../../models/model";
import type { Trace } from "../../models/traces";
import { requireReferences, requireUnique, requireUnused } from "../../provider/references";

import { defaults, type Settings } from "../../settings";
import { machines } from "../../states/machines";
import { inTime, phasesAfter, requireState } from "../../states/phases";

const all = [...models.values()];
const byType = new Map<string, Model>(all.map((model) => [model.type, model]));

/** An account with a VPC of two zones, a second VPC, and what the models under test put there. */
export class World {
  readonly resources: Resource[] = [];
  readonly traces: Trace[] = [];
  private drawn = 0;
  /** Simulated minutes since the world began. */
  minutes = 0;
  settings: Settings = defaults;

  constructor() {
    for (const [id, vpcId, zone] of [
      ["subnet-0000000a", "vpc-00000001", "us-east-1a"],
      ["subnet-0000000b", "vpc-00000001", "us-east-1b"],
      ["subnet-000000a2", "vpc-00000001", "us-east-1a"],
      ["subnet-0000000c", "vpc-00000002", "us-east-1b"],
    ] as const) {
      this.put("aws:ec2/subnet:Subnet", id, { vpcId, availabilityZone: zone });
    }
    for (const [number, vpcId] of ["vpc-00000001", "vpc-00000002"].entries()) {
      const mainRouteTableId = `rtb-0000000${number}`;
      this.put("aws:ec2/vpc:Vpc", vpcId, { mainRouteTableId });
      this.put("aws:ec2/internetGateway:InternetGateway", `igw-0000000${number}`, { vpcId });
      this.put("aws:ec2/natGateway:NatGateway", `nat-0000000${number}`, { vpcId });
      this.put("aws:ec2/route:Route", `r-${number}`, {
        ...{ routeTableId: mainRouteTableId, destinationCidrBlock: "0.0.0.0/0" },
        natGatewayId: `nat-0000000${number}`,
      });
    }
    this.put("aws:ec2/securityGroup:SecurityGroup", "sg-00000001", { vpcId: "vpc-00000001" });
    this.put("aws:ec2/securityGroup:SecurityGroup", "sg-00000002", { vpcId: "vpc-00000002" });
  }

  get context(): Context {
    const region = "us-east-1";
    return {
      account: new RegionalView(
        { resources: this.resources, traces: this.traces },
        region,
        (type) => byType.get(type)?.references ?? [],
      ),
      region,
      accountId: "123456789012",
      urn: "urn:pulumi:test::chatpop::type::name",
      home: "/nowhere",
      settings: this.settings,
      clock: {
        now: () => new Date(Date.UTC(2030, 0, 1) + this.minutes * 60_000),
        pass: (seconds: number) => void (this.minutes += seconds / 60),
      },
      hex: (digits: number) =>
        String((this.drawn += 1))
          .padStart(digits, "0")
          .slice(-digits),
    } as Context;
  }

  /** Puts a resource there that no model under test looks at. */
  put(type: string, id: string, properties: Properties): Resource {
    const resource = { type, id, urn: "", inputs: properties, outputs: properties };
    this.resources.push(resource);
    return resource;
  }

  /** Checks and creates; throws what the schema or AWS refuses. */
  create(type: string, inputs: Properties): Resource {
    const model = modelOf(type);
    const given = this.check(model, inputs);
    const context = this.context;
    requireReferences(model, given, context);
    requireUnique(model, given, context);
    model.beforeCreate?.(given, context);
    const id = model.identify(given, context);
    const outputs = { ...given, ...model.describe(given, id, context) };
    const now = context.clock.now();
    const phases = phasesAfter(model.type, given, now);
    const resource = {
      ...{ type: model.type, id, urn: "", inputs: given, outputs, createdAt: now.toISOString() },
      ...(phases && { phases }),
    };
    this.resources.push(resource);
    return resource;
  }

  /** Checks and changes some inputs of a resource. */
  update(resource: Resource, change: Properties): Resource {
    const model = modelOf(resource.type);
    const given = this.check(model, { ...resource.inputs, ...change });
    const context = this.context;
    requireReferences(model, given, context);
    requireUnique(model, given, context, resource);
    const now = context.clock.now();
    requireState(resource, machines[model.type]?.update, now);
    model.beforeUpdate?.(given, resource, context);
    const outputs = {
      ...resource.outputs,
      ...given,
      ...model.describe(given, resource.id, context, resource),
    };
    const phases = phasesAfter(model.type, outputs, now, resource.outputs) ?? resource.phases;
    const changed = { ...resource, inputs: given, outputs, ...(phases && { phases }) };
    this.resources.splice(this.resources.indexOf(resource), 1, changed);
    for (const other of model.affects?.(changed, resource, context) ?? []) {
      const place = this.resources.findIndex(({ type, id }) => type === other.type && id === other.id);
      this.resources.splice(place, 1, other);
    }
    return changed;
  }

  /** Puts a resource into a state that it goes through by itself, for so many simulated minutes. */
  enter(resource: Resource, state: string, minutes: number): void {
    const phases = inTime([{ state, minutes }], this.context.clock.now());
    this.resources.splice(this.resources.indexOf(resource), 1, { ...resource, phases });
  }

  remove(resource: Resource): void {
    const model = modelOf(resource.type);
    const context = this.context;
    requireState(resource, machines[model.type]?.delete, context.clock.now());
    requireUnused(model, resource, context);
    model.beforeDelete?.(resource, context);
    this.resources.splice(this.resources.indexOf(resource), 1);
    this.traces.push(...(model.leaves?.(resource, context) ?? []));
  }

  private check(model: Model, inputs: Properties): Properties {
    const named = Object.fromEntries(
      Object.entries({ ...model.defaults, ...inputs }).filter(([, value]) => value !== undefined),
    );
    const result = model.inputs.safeParse(named);
    if (result.success) return named;
    throw new Error(
      result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
}

/** The model of `aws:ecs/service:Service`, also named `ecs/service`. */
export function modelOf(type: string): Model {
  const found = byType.get(type) ?? all.find((model) => model.type.startsWith(`aws:${type}:`));
  if (!found) throw new Error(`no model under test is called ${type}`);
  return found;
}

/** A refusal: what is changed against the accepted inputs, and words of AWS's answer. */
export type Refusal = readonly [name: string, change: Properties, answer: RegExp];

/** Proves that the inputs are accepted as they are, and refused with each of the changes. */
export function refuses(
  type: string,
  prepare: (world: World) => Properties,
  refusals: readonly Refusal[],
): void {
  it(`accepts a sensible ${type}`, () => {
    const world = new World();
    const model = modelOf(type);
    const created = world.create(type, prepare(world));
    const missing = model.computed.filter((name) => !(name in created.outputs));
    expect(missing, "computed outputs that are not described").to.deep.equal([]);
  });
  for (const [name, change, answer] of refusals) {
    it(`refuses a ${type}: ${name}`, () => {
      const world = new World();
      const inputs = prepare(world);
      expect(() => world.create(type, { ...inputs, ...change })).to.throw(answer);
    });
  }
}

/** A role that a service may assume, with one inline policy. */
export function putRole(
  world: World,
  name: string,
  service: string,
  actions: readonly string[] = [],
  resource = "*",
): string {
  const arn = `arn:aws:iam::123456789012:role/${name}`;
  const policy = (statement: Properties) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  world.put("aws:iam/role:Role", name, {
    arn,
    name,
    assumeRolePolicy: policy({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }),
    inlinePolicies: [
      { name: "own", policy: policy({ Effect: "Allow", Action: actions, Resource: resource }) },
    ],
  });
  return arn;
}
