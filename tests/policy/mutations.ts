import type { Registration } from "../recording/monitor";
import { unknownWire, type Wire } from "../recording/wire";

/** A change to the recorded resources, as another program might have registered them. */
export type Mutation = (resources: readonly Registration[]) => readonly Registration[];

type Selector = Partial<Pick<Registration, "type" | "name">>;

const selected = (resource: Registration, { type, name }: Selector) =>
  (type === undefined || resource.type === type) && (name === undefined || resource.name === name);

/** Changes the selected resources, and fails when there are none: a mutation that changes nothing proves nothing. */
export function change(selector: Selector, edit: (resource: Registration) => Registration): Mutation {
  return (resources) => {
    if (!resources.some((each) => selected(each, selector)))
      throw new Error(`no ${JSON.stringify(selector)}`);
    return resources.map((each) => (selected(each, selector) ? edit(each) : each));
  };
}

const without = <T>(object: Readonly<Record<string, T>>, property: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== property));

/** Gives an input another value, or takes it away. */
export function set(selector: Selector, property: string, value: Wire | undefined): Mutation {
  if (value === undefined) return leaveOut(selector, property);
  return change(selector, (resource) => ({
    ...resource,
    wireInputs: { ...resource.wireInputs, [property]: value },
    wireOutputs: { ...resource.wireOutputs, [property]: value },
    propertyDependencies: { [property]: [], ...resource.propertyDependencies },
  }));
}

/** Writes an input by hand, made of nothing. */
export const write = (selector: Selector, property: string, value: Wire): Mutation =>
  all(
    set(selector, property, value),
    change(selector, (resource) => {
      const propertyDependencies = { ...resource.propertyDependencies, [property]: [] };
      // What it was made of comes before it no longer, unless something else is.
      const kept = new Set(Object.values(propertyDependencies).flat());
      const gone = (resource.propertyDependencies[property] ?? []).filter((urn) => !kept.has(urn));
      const dependencies = resource.dependencies.filter((urn) => !gone.includes(urn));
      return { ...resource, propertyDependencies, dependencies };
    }),
  );

/** Takes an input away. In a first preview the provider calls it unknown then, if AWS would fill it in: the worst for a rule. */
function leaveOut(selector: Selector, property: string): Mutation {
  return change(selector, (resource) => {
    const preview = Object.entries(resource.wireOutputs).some(
      ([key, value]) => value === unknownWire && !(key in resource.wireInputs),
    );
    return {
      ...resource,
      wireInputs: without(resource.wireInputs, property),
      wireOutputs: {
        ...without(resource.wireOutputs, property),
        ...(preview && { [property]: unknownWire }),
      },
      propertyDependencies: without(resource.propertyDependencies, property),
    };
  });
}

/** Edits inputs, in both forms in which the pack is handed them. */
export const edited = (
  selector: Selector,
  edit: (inputs: Readonly<Record<string, Wire>>) => Readonly<Record<string, unknown>>,
): Mutation =>
  change(selector, (resource) => ({
    ...resource,
    wireInputs: edit(resource.wireInputs) as Readonly<Record<string, Wire>>,
    wireOutputs: edit(resource.wireOutputs) as Readonly<Record<string, Wire>>,
  }));

/** Changes fields of an input that is an object. */
export function merge(
  selector: Selector,
  property: string,
  fields: Readonly<Record<string, Wire | undefined>>,
): Mutation {
  return (resources) => {
    const [current] = resources
      .filter((each) => selected(each, selector))
      .map((each) => each.wireInputs[property]);
    const merged = Object.entries({ ...(current as Record<string, Wire>), ...fields });
    const kept = merged.filter((entry): entry is [string, Wire] => entry[1] !== undefined);
    return set(selector, property, Object.fromEntries(kept))(resources);
  };
}

/** Leaves the selected resources out. */
export function remove(selector: Selector): Mutation {
  return (resources) => {
    const kept = resources.filter((each) => !selected(each, selector));
    if (kept.length === resources.length) throw new Error(`no ${JSON.stringify(selector)}`);
    return kept;
  };
}

/** Replaces every mention of a text in a resource's values, and of sources in what they were made of. */
export function redirect(
  selector: Selector,
  text: { readonly from: string; readonly to: string },
  source: { readonly from: readonly string[]; readonly to: string },
): Mutation {
  const replaced = (wire: Readonly<Record<string, Wire>>) =>
    JSON.parse(JSON.stringify(wire).replaceAll(text.from, text.to)) as Readonly<Record<string, Wire>>;
  return (resources) => {
    const urnOf = new Map(resources.map(({ type, urn }) => [urn, type]));
    const target = resources.find(({ name, type }) => `${type} ${name}` === source.to);
    if (!target) throw new Error(`no ${source.to}`);
    const moved = (urns: readonly string[]) =>
      urns.map((urn) => (source.from.includes(urnOf.get(urn) ?? "") ? target.urn : urn));
    return change(selector, (resource) => ({
      ...resource,
      wireInputs: replaced(resource.wireInputs),
      wireOutputs: replaced(resource.wireOutputs),
      dependencies: moved(resource.dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([property, urns]) => [property, moved(urns)]),
      ),
    }))(resources);
  };
}

/** Makes several changes, one after the other. */
export const all =
  (...mutations: readonly Mutation[]): Mutation =>
  (resources) =>
    mutations.reduce((changed, mutation) => mutation(changed), resources);

/** Changes containers, in the text of task definitions where it is known, and in what their component says of them. */
export const container = (fields: Readonly<Record<string, unknown>>, name?: string): Mutation =>
  inContainers((each) => {
    const all = Object.entries({ ...each, ...fields }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(all) as Container;
  }, name);

type Container = Readonly<Record<string, Wire>>;

/** Changes containers one by one, in both places. */
export function inContainers(edit: (container: Container) => Container, name?: string): Mutation {
  const type = "aws:ecs/taskDefinition:TaskDefinition";
  const key = "containerDefinitions";
  const changed = (wire: Readonly<Record<string, Wire>>) => {
    const value = wire[key];
    if (Array.isArray(value)) return { ...wire, [key]: value.map((each) => edit(each as Container)) };
    if (typeof value !== "string" || !value.startsWith("[")) return wire;
    return { ...wire, [key]: JSON.stringify((JSON.parse(value) as Container[]).map(edit)) };
  };
  return (resources) => {
    const tasks = resources.filter((each) => selected(each, { type, name }));
    if (tasks.length === 0) throw new Error(`no ${type}`);
    const parents = new Set(tasks.map(({ parent }) => parent));
    return resources.map((each) =>
      tasks.includes(each) || parents.has(each.urn)
        ? { ...each, wireInputs: changed(each.wireInputs), wireOutputs: changed(each.wireOutputs) }
        : each,
    );
  };
}

/** Sets a variable of the containers, in the place of one that they have. */
export const variable = (name: string, value: string): Mutation =>
  inContainers((each) => ({
    ...each,
    environment: [
      ...(each["environment"] as readonly { name: string }[]).filter((entry) => entry.name !== name),
      { name, value },
    ],
  }));

/** Takes sources of some types away from what an input was made of, and from what comes before the resource. */
export function detach(selector: Selector, property: string, ...types: readonly string[]): Mutation {
  return (resources) => {
    const typeOf = new Map(resources.map(({ urn, type }) => [urn, type]));
    const keep = (urn: string) => !types.includes(typeOf.get(urn) ?? "");
    return change(selector, (resource) => ({
      ...resource,
      dependencies: resource.dependencies.filter(keep),
      propertyDependencies: {
        ...resource.propertyDependencies,
        [property]: (resource.propertyDependencies[property] ?? []).filter(keep),
      },
    }))(resources);
  };
}

/** Adds another source, `type name`, to what an input was made of. */
export function attach(selector: Selector, property: string, source: string): Mutation {
  return (resources) => {
    const urn = urnOf(resources, source);
    return change(selector, (resource) => ({
      ...resource,
      dependencies: [...resource.dependencies, urn],
      propertyDependencies: {
        ...resource.propertyDependencies,
        [property]: [...(resource.propertyDependencies[property] ?? []), urn],
      },
    }))(resources);
  };
}

function urnOf(resources: readonly Registration[], label: string): string {
  const found = resources.find(({ type, name }) => `${type} ${name}` === label);
  if (!found) throw new Error(`no ${label}`);
  return found.urn;
}

/** Adds a resource; its sources are named `type name`. */
export function add(
  type: string,
  name: string,
  properties: Readonly<Record<string, Wire>> = {},
  sources: Readonly<Record<string, readonly string[]>> = {},
): Mutation {
  return (resources) => {
    const urns = Object.entries(sources).map(
      ([property, labels]) => [property, labels.map((each) => urnOf(resources, each))] as const,
    );
    const added: Registration = {
      type,
      name,
      urn: `urn:pulumi:test::chatpop::${type}::${name}`,
      parent: "",
      custom: true,
      inputs: properties,
      dependencies: urns.flatMap(([, each]) => each),
      // As the engine tells it: every argument that was given, also one that was made of nothing.
      propertyDependencies: {
        ...Object.fromEntries(Object.keys(properties).map((key) => [key, []])),
        ...Object.fromEntries(urns),
      },
      protect: false,
      retainOnDelete: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { create: "", update: "", delete: "" },
      wireInputs: properties,
      wireOutputs: properties,
    };
    return [...resources, added];
  };
}

/** Sets resource options. */
export const options = (
  selector: Selector,
  changed: Partial<Pick<Registration, "ignoreChanges" | "protect" | "dependencies">>,
): Mutation => change(selector, (resource) => ({ ...resource, ...changed }));
