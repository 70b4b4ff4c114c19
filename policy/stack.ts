import { type PolicyResource, type StackValidationArgs, UnknownValueError } from "@pulumi/policy";
import { attempt } from "./results";
import { canonical, types } from "./types";

/** What is wrong; anything that is not a text means nothing is. */
export type Finding = string | false | undefined;

/** A finding of a rule about a whole stack; without a resource it is about the stack itself. */
export interface Complaint {
  readonly resource?: PolicyResource;
  readonly message: string;
}

/**
 * Reads something that may be unknown in a preview.
 *
 * @returns undefined when it is unknown.
 */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** Whether a property was given, known or not; after an update AWS also answers with what was left empty. */
export function has(
  { props }: { readonly props: Readonly<Record<string, unknown>> },
  property: string,
): boolean {
  if (!(property in props)) return false;
  const [value] = known(() => [props[property]]) ?? ["unknown"];
  return (
    value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
  );
}

/** The Plan's demand, as far as a program puts it into its stack's outputs. */
interface Demand {
  readonly rooms?: number;
  readonly connections?: number;
}

/** The resources of a stack, and what is known of the load it is meant for. */
export class Stack {
  private checks = 0;

  constructor(
    private readonly args: StackValidationArgs,
    private readonly rule: string,
  ) {}

  /** All resources of a type. */
  ofType(type: string): readonly PolicyResource[] {
    return this.args.resources.filter((resource) => canonical(resource.type) === type);
  }

  /**
   * Resources that an argument's value was made of. Values are unknown in a first preview, where they come from is not.
   */
  sources(resource: PolicyResource, property: string, type: string): readonly PolicyResource[] {
    return (resource.propertyDependencies[property] ?? []).filter(
      (source) => canonical(source.type) === type,
    );
  }

  /** Resources of a type, one of whose arguments was made of another resource. */
  madeOf(source: PolicyResource, type: string, property: string): readonly PolicyResource[] {
    return this.ofType(type).filter((each) =>
      (each.propertyDependencies[property] ?? []).some(({ urn }) => urn === source.urn),
    );
  }

  /** Makes one check of a resource; what it cannot know before the update is counted, and hides nothing else. */
  judge(resource: PolicyResource, check: () => Finding): readonly Complaint[] {
    const finding = attempt(this.rule, `${this.checks++} ${resource.urn}`, resource.name, check);
    return finding ? [{ resource, message: finding }] : [];
  }

  /** Services that stand behind a load balancer: the chat itself, and not its workers. */
  chatServices(): readonly PolicyResource[] {
    return this.ofType(types.service).filter((service) => has(service, "loadBalancers"));
  }

  /** Services that stand behind none. */
  workers(): readonly PolicyResource[] {
    return this.ofType(types.service).filter((service) => !has(service, "loadBalancers"));
  }

  /** Task definitions of the chat's services. */
  chatTasks(): readonly PolicyResource[] {
    const tasks = this.chatServices().flatMap((service) =>
      this.sources(service, "taskDefinition", types.taskDefinition),
    );
    return [...new Set(tasks)];
  }

  /** What scales a service; it names the service in its resource id. */
  scalingTargets(service: PolicyResource): readonly PolicyResource[] {
    return this.madeOf(service, types.scalingTarget, "resourceId");
  }

  /**
   * Rooms that the stack is meant for: from the pack's configuration, else from the Plan in the stack's outputs.
   * Ends the rule as not applicable when neither says so.
   */
  rooms(): number {
    return this.demanded("rooms");
  }

  /** WebSocket connections that the stack is meant for, from the same places. */
  connections(): number {
    return this.demanded("connections");
  }

  private demanded(what: keyof Demand): number {
    const configured = this.args.getConfig<Demand>()[what];
    const planned = known(() => (this.outputs()["plan"] as { demand?: Demand } | undefined)?.demand?.[what]);
    return (
      configured ??
      planned ??
      this.args.notApplicable(
        `the number of ${what} is neither in the pack's configuration nor in the stack's plan`,
      )
    );
  }

  private outputs(): Readonly<Record<string, unknown>> {
    return this.ofType("pulumi:pulumi:Stack")[0]?.props ?? {};
  }
}
