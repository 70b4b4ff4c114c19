// Create, read, update and delete, as far as they are the same for all resource types.
import type { Phase, Resource, State, Trace } from "../account";
import type { Context, Model, Properties } from "../models/model";
import { AwsError } from "../models/model";
import type { AccountFile } from "./accountFile";
import { isImportedAs } from "../models/imports";
import { requireServiceLinkedRole, rolesMadeBy } from "../models/serviceLinkedRoles";
import { upserts } from "../models/upserts";
import { phasesAfter, requireState } from "../states/phases";
import { machines } from "../states/machines";
import { requireCaller, roleNamed } from "../permissions/caller";
import type { Operation } from "./faults";
import { withoutNotes } from "./check";
import { contextFor, takes, title } from "./context";
import { requireReferences, requireUnique, requireUnused } from "./references";
import { rowOf } from "./table";
import { unknownValue } from "./wire";

/** Place of an operation. */
export interface Place {
  readonly account: AccountFile;
  readonly home: string;
  readonly region: string;
  readonly urn: string;
  readonly fault?: Context["fault"];
  readonly mark?: Context["mark"];
  /** The role that calls, as EMBEDDED_AWS_CALLER names it; an administrator without it. */
  readonly caller?: string | undefined;
}

/** Outputs in a preview of a creation: the inputs, and unknown for everything else. */
export function previewCreate(model: Model, inputs: Properties, place: Place): Properties {
  return complete(model, inputs, place, {
    kept: Object.fromEntries(
      [...generatedNames(model), ...model.computed].map((name) => [name, unknownValue]),
    ),
  });
}

/** Outputs in a preview of an update: all values that the change does not affect stay. */
export function previewUpdate(
  model: Model,
  inputs: Properties,
  previous: Properties,
  place: Place,
): Properties {
  return complete(model, inputs, place, {
    kept: kept(model, previous),
    described: Object.fromEntries((model.changesOnUpdate ?? []).map((name) => [name, unknownValue])),
  });
}

/** Creates the resource in the account. */
export async function create(model: Model, inputs: Properties, place: Place): Promise<Resource> {
  const roles = rolesMadeBy(model.type, contextFor(place.account.read(), place));
  // The roles stay, even if the creation is then refused.
  for (const role of roles) leave(place.account, role);
  const resource = place.account.change((state) => {
    const context = contextFor(state, place);
    const now = context.clock.now();
    const given = withName(model, withoutNotes(inputs), context);
    requireServiceLinkedRole(model.type, context);
    requireReferences(model, given, context);
    const own = upserts.has(model.type) ? made(model, state, place) : undefined;
    requireUnique(model, given, context, own);
    model.beforeCreate?.(given, context);
    const id = model.identify(given, context);
    const former = context.account.get(model.type, id);
    if (former && former !== own && !model.takesPlace?.(given)) {
      throw new AwsError("AlreadyExists", `${title(model.type)} '${id}' already exists`);
    }
    const result: Resource = {
      type: model.type,
      id,
      urn: place.urn,
      ...(takes(model, "region") ? { region: place.region } : {}),
      inputs,
      outputs: complete(model, inputs, place, {
        kept: pick(given, generatedNames(model)),
        described: model.describe(given, id, context),
      }),
      createdAt: now.toISOString(),
      ...inPhases(phasesAfter(model.type, given, now)),
    };
    judge("create", result, place, context);
    const others = state.resources.filter((each) => each !== former);
    return { state: { ...state, resources: [...others, result] }, result };
  });
  try {
    return await start(model, resource, place);
  } catch (error) {
    replace(place, resource, []);
    throw error;
  }
}

/** The resource that an interrupted update created under the same URN. */
function made(model: Model, state: State, { urn, region }: Place): Resource | undefined {
  return state.resources.find(
    (each) => each.type === model.type && each.urn === urn && (each.region ?? region) === region,
  );
}

/** Changes the resource in the account. */
export async function update(model: Model, id: string, inputs: Properties, place: Place): Promise<Resource> {
  const { resource, previous } = place.account.change((state) => {
    const context = contextFor(state, place);
    const old = context.account.get(model.type, id);
    if (old === undefined)
      throw new AwsError("NotFound", `${title(model.type)} '${id}' does not exist any more`);
    const given = { ...pick(old.outputs, generatedNames(model)), ...withoutNotes(inputs) };
    requireReferences(model, given, context);
    requireUnique(model, given, context, old);
    const now = context.clock.now();
    requireState(old, machines[model.type]?.update, now);
    model.beforeUpdate?.(given, old, context);
    const outputs = complete(model, inputs, place, {
      kept: kept(model, old.outputs),
      described: model.describe(given, id, context, old),
    });
    const phases = phasesAfter(model.type, outputs, now, old.outputs) ?? old.phases;
    const changed: Resource = { ...old, urn: place.urn, inputs, outputs, ...inPhases(phases) };
    judge("update", changed, place, context);
    const others = model.affects?.(changed, old, context) ?? [];
    const resources = state.resources.map((each) =>
      each === old ? changed : (others.find((other) => isSame(other, each)) ?? each),
    );
    return { state: { ...state, resources }, result: { resource: changed, previous: old } };
  });
  return start(model, resource, place, previous);
}

/** The resource in the account; undefined if it does not exist. `id` may be the identifier of an import. */
export function read(model: Model, id: string, place: Place): Resource | undefined {
  const context = contextFor(place.account.read(), place);
  const found =
    context.account.get(model.type, id) ??
    context.account.list(model.type).find((each) => isImportedAs(each, id));
  if (found) judge("read", found, place, context);
  return found;
}

/** Refuses an operation that the calling role is not allowed. */
function judge(
  operation: Operation,
  { type, id, inputs, outputs }: Resource,
  place: Place,
  context: Context,
): void {
  if (place.caller === undefined || !type.startsWith("aws:")) return;
  const role = roleNamed(place.caller, context.account.list("aws:iam/role:Role"));
  requireCaller(role, { operation, type, id, inputs, outputs }, context);
}

/** Deletes the resource; succeeds also if it does not exist any more. */
export async function remove(model: Model, id: string, place: Place): Promise<void> {
  const examine = (state: State) => {
    const context = contextFor(state, place);
    const resource = context.account.get(model.type, id);
    if (resource === undefined) return undefined;
    requireState(resource, machines[model.type]?.delete, context.clock.now());
    judge("delete", resource, place, context);
    requireUnused(model, resource, context);
    model.beforeDelete?.(resource, context);
    return { resource, context };
  };
  if (model.stop) {
    const found = examine(place.account.read());
    if (found) await model.stop(found.resource, found.context);
  }
  place.account.change((state) => {
    const found = examine(state);
    if (found === undefined) return { state, result: undefined };
    const resources = state.resources.filter((each) => !isSame(each, found.resource));
    const traces = [...state.traces, ...(model.leaves?.(found.resource, found.context) ?? [])];
    return { state: { resources, traces }, result: undefined };
  });
}

/** Starts the service behind the resource and adds its results to the outputs. */
async function start(model: Model, resource: Resource, place: Place, previous?: Resource): Promise<Resource> {
  if (!model.start) return resource;
  const mark = (each: Resource, phases: readonly Phase[]) => setPhases(place.account, each, phases);
  const revise = (each: Resource, inputs: Properties) => reviseInputs(place.account, each, inputs);
  const context = contextFor(presentState(place.account), { ...place, mark, revise });
  const result = await model.start(resource, context, previous);
  const started = { ...resource, outputs: { ...resource.outputs, ...result } };
  replace(place, resource, [started]);
  return started;
}

/** Leaves a trace in the account. */
export function leave(account: AccountFile, trace: Trace): void {
  account.change((state) => ({ state: { ...state, traces: [...state.traces, trace] }, result: undefined }));
}

/** Puts a resource into states, the first of which begins now. */
export function setPhases(account: AccountFile, resource: Resource, phases: readonly Phase[]): void {
  account.change((state) => ({
    state: {
      ...state,
      resources: state.resources.map((each) => (isSame(each, resource) ? { ...each, phases } : each)),
    },
    result: undefined,
  }));
}

/** Changes inputs of a resource, and the outputs of the same name. */
export function reviseInputs(account: AccountFile, resource: Resource, inputs: Properties): void {
  const revised = (each: Resource) => ({
    ...each,
    inputs: { ...each.inputs, ...inputs },
    outputs: { ...each.outputs, ...inputs },
  });
  account.change((state) => ({
    state: {
      ...state,
      resources: state.resources.map((each) => (isSame(each, resource) ? revised(each) : each)),
    },
    result: undefined,
  }));
}

/** The account, read anew at each access: code behind a resource calls AWS, and must see its own changes. */
const presentState = (account: AccountFile): State => ({
  get resources() {
    return account.read().resources;
  },
  get traces() {
    return account.read().traces;
  },
});

const inPhases = (phases: readonly Phase[] | undefined) => (phases ? { phases } : {});

function replace(place: Place, resource: Resource, by: readonly Resource[]): void {
  place.account.change((state) => ({
    state: { ...state, resources: state.resources.flatMap((each) => (isSame(each, resource) ? by : [each])) },
    result: undefined,
  }));
}

function isSame(one: Resource, other: Resource): boolean {
  return one.type === other.type && one.id === other.id && one.region === other.region;
}

/** Completes a name by random digits, where the program gives only its beginning. */
function withName(model: Model, inputs: Properties, context: Context): Properties {
  const { property, prefixProperty, maxLength } = model.autoName ?? { property: "" };
  if (
    prefixProperty === undefined ||
    inputs[property] !== undefined ||
    inputs[prefixProperty] === undefined
  ) {
    return inputs;
  }
  const prefix = String(inputs[prefixProperty]);
  const digits = Math.min(26, (maxLength ?? 0) - prefix.length);
  return { ...inputs, [property]: prefix + context.hex(digits) };
}

/** Outputs that may hold a generated name. */
function generatedNames(model: Model): string[] {
  return model.autoName?.prefixProperty ? [model.autoName.property] : [];
}

/** Outputs that an update keeps: computed ones, and arguments that the program no longer gives. */
function kept(model: Model, previous: Properties): Properties {
  return pick(previous, [
    ...(rowOf(model.type).removalIgnored ?? []),
    ...generatedNames(model),
    ...model.computed,
  ]);
}

/** All outputs: inputs override kept values, and the model's own outputs override both. */
function complete(
  model: Model,
  inputs: Properties,
  place: Place,
  outputs: { kept: Properties; described?: Properties },
): Properties {
  return {
    ...outputs.kept,
    ...withoutNotes(inputs),
    ...(takes(model, "tags") ? { tagsAll: inputs["tagsAll"] ?? {} } : {}),
    ...(takes(model, "region") ? { region: place.region } : {}),
    ...outputs.described,
  };
}

function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  );
}
