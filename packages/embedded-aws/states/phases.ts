// A resource's states in time: the present one, and those after a call.
import type { Phase, Properties, Resource } from "../account";
import { AwsError } from "../models/model";
import { changes, machines, type Step } from "./machines";

/** Simulated time. */
export interface Clock {
  now(): Date;
  /** Adds seconds to simulated time, for callers that poll for a state. */
  pass(seconds: number): void;
}

/** The state that a resource is in now; undefined for a type without states. */
export function phaseOf(resource: Resource, now: Date): Phase | undefined {
  const machine = machines[resource.type];
  if (!machine) return undefined;
  const current = (resource.phases ?? []).find(({ until }) => until === undefined || new Date(until) > now);
  return current ?? { state: machine.settled };
}

/** The phases that follow a creation (without `before`) or an update; undefined where nothing begins. */
export function phasesAfter(
  type: string,
  after: Properties,
  now: Date,
  before?: Properties,
): readonly Phase[] | undefined {
  const machine = machines[type];
  const steps = before
    ? machine?.updated?.find(({ when }) => changes[when](before, after))?.steps
    : machine?.created;
  return steps && inTime(steps, now);
}

/** Steps one after the other from now on. */
export function inTime(steps: readonly Step[], now: Date): readonly Phase[] {
  let end = now.getTime();
  return steps.map(({ minutes, ...step }) => {
    end += minutes * 60_000;
    return { ...step, until: new Date(end).toISOString() };
  });
}

/** Refuses a call that the resource's state does not accept, in AWS's words. */
export function requireState(resource: Resource, call: string | undefined, now: Date): void {
  const gate = call === undefined ? undefined : machines[resource.type]?.gates[call];
  const state = phaseOf(resource, now)?.state;
  if (!gate || state === undefined || gate.accepts.includes(state)) return;
  const name = String(resource.outputs.identifier ?? resource.outputs.name ?? resource.id);
  const message = gate.message
    .replace("{name}", name)
    .replace("{state}", state)
    .replace("{STATE}", state.toUpperCase().replaceAll("-", "_"));
  throw new AwsError(gate.code, message);
}
