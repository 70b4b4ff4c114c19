import type { PolicyResource, Severity, StackValidationArgs } from "@pulumi/policy";
import { type Demand, demandOf } from "../stacks/capacity";
import { guide } from "../stacks/guide";
import { completeArguments } from "./arguments";
import { configuredSize, type PlannedOutputs, type Size } from "./chat";
import { type Group, isOn, isOurs } from "./groups";
import { otherServiceNames } from "./otherServices";
import { attempt, judgeOnce, noteMissing, noteOwn } from "./results";
import { canonical, classOf, types } from "../aws/types";
import type { Suppression } from "./settings";
import { type Finding, given, known } from "./values";

/** A finding of a rule about a whole stack. Only `Stack.judge` makes one: no rule can forget to say what it judged. */
class Complaint {
  declare private readonly judged: true;

  constructor(
    /** Blamed resource; undefined for the stack itself. */
    readonly resource: PolicyResource | undefined,
    readonly message: string,
    /** Severity where it is advice only. */
    readonly advice?: Severity,
  ) {}
}
export type { Complaint };

/**
 * Whether a resource was given an argument, known or not. What AWS will answer with is unknown in a preview as well, but
 * the engine tells of every argument that was given what it was made of, be it of nothing.
 */
export const has = (resource: PolicyResource, property: string): boolean =>
  given(resource.props, property) &&
  (property in resource.propertyDependencies || known(() => [resource.props[property]]) !== undefined);

const isMadeOf = (resource: PolicyResource, property: string, source: PolicyResource): boolean =>
  (resource.propertyDependencies[property] ?? []).some(({ urn }) => urn === source.urn);

/** Whether a database is a replica, which takes most of what it is from its source. */
export const isReplica = (database: PolicyResource): boolean => has(database, "replicateSourceDb");

/** The resources of a stack, and what is known of the load it is meant for. */
export class Stack {
  private checks = 0;
  private readonly byType = new Map<string, PolicyResource[]>();

  constructor(
    private readonly args: StackValidationArgs,
    private readonly rule: string,
  ) {
    completeArguments(args.resources);
    for (const resource of args.resources) {
      noteOwn(resource.type);
      const type = canonical(resource.type);
      const all = this.byType.get(type);
      if (all) all.push(resource);
      else this.byType.set(type, [resource]);
    }
  }

  /** Whether rules of a group judge this program; where that is unknown, they wait. */
  is(group: Group): boolean {
    const { name } = this.itself();
    return attempt(this.rule, `group ${group}`, name, () => isOn(group, this.args.resources)) ?? false;
  }

  /** Notes what the rule needs and does not find, and gives back what it has found. */
  private found<T>(all: readonly T[], what: () => string): readonly T[] {
    if (all.length === 0) noteMissing(this.rule, what());
    return all;
  }

  /** All resources, components included. */
  all(): readonly PolicyResource[] {
    return this.args.resources;
  }

  /** All resources of a type; without one the rule is told to lack it. */
  ofType(type: string): readonly PolicyResource[] {
    return this.found(this.byType.get(type) ?? [], () => `no ${classOf(type)}`);
  }

  /** All resources of some types, of which a stack may have none. */
  anyOf(wanted: readonly string[]): readonly PolicyResource[] {
    return wanted.flatMap((type) => this.byType.get(type) ?? []);
  }

  /**
   * Resources that an argument's value was made of. Values are unknown in a first preview, where they come from is not.
   */
  sources(resource: PolicyResource, property: string, type: string): readonly PolicyResource[] {
    return (resource.propertyDependencies[property] ?? []).filter(
      (source) => canonical(source.type) === type,
    );
  }

  /**
   * Resources that an argument was made of, or that it names by hand.
   *
   * @param key What such a resource calls its own name.
   */
  references(
    resource: PolicyResource,
    property: string,
    type: string,
    key: string,
  ): readonly PolicyResource[] {
    const made = this.sources(resource, property, type);
    const name = known(() => resource.props[property]);
    const named =
      name === undefined ? [] : this.ofType(type).filter((each) => known(() => each.props[key]) === name);
    return [...new Set([...made, ...named])];
  }

  /** Whether a resource of a type was made of another: a question by the way, of which no rule is in want. */
  feeds(source: PolicyResource, type: string, property: string): boolean {
    return this.anyOf([type]).some((each) => isMadeOf(each, property, source));
  }

  /** Resources of a type, one of whose arguments was made of another resource. */
  madeOf(source: PolicyResource, type: string, property: string): readonly PolicyResource[] {
    const made = this.ofType(type).filter((each) => isMadeOf(each, property, source));
    return this.found(made, () => `no ${classOf(type)} whose ${property} is made of ${source.name}`);
  }

  /**
   * Makes one check of a resource, or of the stack itself; what it cannot know before the update is counted, and hides
   * nothing else. A rule that judges nothing is not applicable.
   *
   * @param advice Severity of a fault that the rule only advises of, whatever its own level is.
   */
  judge(resource: PolicyResource | undefined, check: () => Finding, advice?: Severity): readonly Complaint[] {
    const { urn, name } = resource ?? this.itself();
    const finding = judgeOnce(this.rule, `${this.checks++} ${urn}`, { urn, name }, check);
    return finding ? [new Complaint(resource, finding, advice)] : [];
  }

  /** Databases that are no replicas. */
  primaries(): readonly PolicyResource[] {
    return this.ofType(types.database).filter((database) => !isReplica(database));
  }

  /** Redis in both of AWS's forms: replication groups, and clusters that are neither members of one nor Memcached. */
  caches(): readonly PolicyResource[] {
    const single = (cluster: PolicyResource) =>
      !has(cluster, "replicationGroupId") && known(() => cluster.props["engine"]) !== "memcached";
    return [...this.ofType(types.cache), ...this.ofType(types.cacheCluster).filter(single)];
  }

  /** Services that stand behind a load balancer: the chat itself, and neither its workers nor what is named as another. */
  chatServices(): readonly PolicyResource[] {
    const others = otherServiceNames();
    const behind = this.ofType(types.service).filter(
      (service) => has(service, "loadBalancers") && !others.includes(service.name),
    );
    return this.found(behind, () => `no ${classOf(types.service)} behind a load balancer`);
  }

  /** Services that stand behind none. */
  workers(): readonly PolicyResource[] {
    const behind = this.ofType(types.service).filter((service) => !has(service, "loadBalancers"));
    return this.found(behind, () => `no ${classOf(types.service)} without a load balancer`);
  }

  /** Task definitions of the chat's services. */
  chatTasks(): readonly PolicyResource[] {
    return this.tasksOf(this.chatServices());
  }

  /** Target groups in front of the chat's services. */
  chatTargets(): readonly PolicyResource[] {
    const targets = this.chatServices().flatMap((service) =>
      this.sources(service, "loadBalancers", types.targetGroup),
    );
    return this.found(
      [...new Set(targets)],
      () => `no ${classOf(types.targetGroup)} of this stack in front of its services`,
    );
  }

  /** Task definitions of all services. */
  serviceTasks(): readonly PolicyResource[] {
    return this.tasksOf(this.ofType(types.service));
  }

  private tasksOf(services: readonly PolicyResource[]): readonly PolicyResource[] {
    return [
      ...new Set(
        services.flatMap((service) => this.sources(service, "taskDefinition", types.taskDefinition)),
      ),
    ];
  }

  /** Scaling targets of a service, which name it in their resource id. */
  scalingTargets(service: PolicyResource): readonly PolicyResource[] {
    return this.scaledBy(service, types.scalingTarget);
  }

  /** Resources that use a service's resource id (`service/<cluster>/<service>`), as a reference or as text. */
  scaledBy(service: PolicyResource, type: string): readonly PolicyResource[] {
    const made = this.madeOf(service, type, "resourceId");
    const name = known(() => service.props["name"]) ?? service.name;
    const named = this.ofType(type).filter((each) => {
      const id = known(() => each.props["resourceId"]);
      return typeof id === "string" && id.startsWith("service/") && id.split("/").at(-1) === name;
    });
    return this.found(
      [...new Set([...made, ...named])],
      () => `no ${classOf(type)} whose resourceId names ${service.name}`,
    );
  }

  /**
   * Rooms that the stack is meant for: from the pack's configuration, else from the Plan in the stack's outputs.
   * Ends the rule as not applicable when neither says so.
   */
  rooms(): number {
    return this.demanded("rooms");
  }

  /** Whether the stack is meant for so many rooms, from which a rule begins. */
  reaches(rooms: number): boolean {
    const own = this.rooms();
    if (own < rooms)
      noteMissing(this.rule, `${own.toLocaleString("en")} rooms are below ${rooms.toLocaleString("en")}`);
    return own >= rooms;
  }

  /** Whether the stack is meant for fewer rooms, up to which a rule goes. */
  staysBelow(rooms: number): boolean {
    const own = this.rooms();
    if (own >= rooms)
      noteMissing(this.rule, `${own.toLocaleString("en")} rooms are not below ${rooms.toLocaleString("en")}`);
    return own < rooms;
  }

  /** Notes what a rule needs, and the stack does not have. */
  lacks(what: string): void {
    noteMissing(this.rule, `no ${what}`);
  }

  /** WebSocket connections that the stack is meant for, from the same places. */
  connections(): number {
    return this.demanded("connections");
  }

  /** The load that the stack is meant for; its messages are the plan's, else the guide's for so many connections. */
  demand(): Demand {
    const { name, props } = this.itself();
    const [rooms, connections] = [this.rooms(), this.connections()];
    const messages = attempt(this.rule, "messages", name, () => (props as PlannedOutputs).plan?.demand);
    return demandOf(rooms, connections / rooms, messages?.messagesPerSecond);
  }

  /** The same load; undefined where the number of rooms or of connections is not known. */
  knownDemand(): Demand | undefined {
    return this.size("rooms") === undefined || this.size("connections") === undefined
      ? undefined
      : this.demand();
  }

  private size(what: Size): number | undefined {
    const { name, props } = this.itself();
    return (
      configuredSize(what) ??
      // Where the plan is unknown, the whole rule waits for it.
      attempt(this.rule, what, name, () => (props as PlannedOutputs).plan?.demand?.[what])
    );
  }

  private demanded(what: Size): number {
    return this.size(what) ?? this.sizeless(what);
  }

  private sizeless(what: Size): never {
    const reason = `the number of ${what} is neither in the pack's configuration (chat) nor in the stack's plan`;
    noteMissing(this.rule, reason);
    return this.args.notApplicable(reason);
  }

  /** Whether this is the chat's own program, by its components. */
  runsTheChat(): boolean {
    return isOurs(this.args.resources);
  }

  /** Whether the stack is to survive mistakes: by its plan, else from 1,000 rooms. */
  isProtected(): boolean {
    const { name, props } = this.itself();
    const planned = attempt(
      this.rule,
      "plan",
      name,
      () => (props as PlannedOutputs).plan?.deletionProtection,
    );
    return planned ?? this.rooms() >= guide.medium.rooms;
  }

  /** Exceptions of this rule in the program's own settings: an alarm that is turned off has its reason there. */
  acceptedByProgram(): readonly Suppression[] {
    const { props } = this.itself();
    const turnedOff = known(() => (props as PlannedOutputs).plan?.alarmsTurnedOff) ?? {};
    const reason = known(() => turnedOff[this.rule.replace(/^alarm-/, "")]);
    return typeof reason === "string" ? [{ reason }] : [];
  }

  /** Everything that must have happened before a resource. */
  before(resource: PolicyResource): readonly PolicyResource[] {
    const found = new Set<PolicyResource>();
    const visit = (each: PolicyResource) => {
      for (const dependency of each.dependencies) {
        if (found.has(dependency)) continue;
        found.add(dependency);
        visit(dependency);
      }
    };
    visit(resource);
    return [...found];
  }

  private itself(): Pick<PolicyResource, "name" | "urn" | "props"> {
    return this.anyOf(["pulumi:pulumi:Stack"])[0] ?? { name: "the stack", urn: "", props: {} };
  }
}
