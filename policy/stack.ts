import { type PolicyResource, type StackValidationArgs, UnknownValueError } from "@pulumi/policy";

/**
 * Reads something that may be unknown in a preview.
 *
 * @returns undefined when it is unknown; without this the whole policy would end at the first unknown value and count
 * as advisory.
 */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** Whether an argument was given at all, known or not. */
export const has = (resource: PolicyResource, property: string): boolean => property in resource.props;

/** The resources of a stack, and what is known of the load it is meant for. */
export class Stack {
  constructor(private readonly args: StackValidationArgs) {}

  /** All resources of a type. */
  ofType(type: string): readonly PolicyResource[] {
    return this.args.resources.filter((resource) => resource.type === type);
  }

  /**
   * Resources that an argument's value was made of. Values are unknown in a first preview, where they come from is not.
   */
  sources(resource: PolicyResource, property: string, type: string): readonly PolicyResource[] {
    return (resource.propertyDependencies[property] ?? []).filter((source) => source.type === type);
  }

  /**
   * Rooms that the stack is meant for: from the pack's configuration, else from the Plan in the stack's outputs.
   * Ends the rule as not applicable when neither says so.
   */
  rooms(): number {
    const { rooms } = this.args.getConfig<{ rooms?: number }>();
    const planned = known(
      () => (this.outputs()["plan"] as { demand?: { rooms?: number } } | undefined)?.demand?.rooms,
    );
    return (
      rooms ??
      planned ??
      this.args.notApplicable(
        "the number of rooms is neither in the pack's configuration nor in the stack's plan",
      )
    );
  }

  private outputs(): Readonly<Record<string, unknown>> {
    return this.ofType("pulumi:pulumi:Stack")[0]?.props ?? {};
  }
}
