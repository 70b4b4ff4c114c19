// The account on disk: one file for all stacks and regions, written atomically under a lock.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource, State } from "../account";
import type { Properties } from "../models/model";
import { seal, readKey, unseal } from "./encryption";
import { withLock } from "./lock";

/** The account's resources on disk. Several processes may use the same folder at once. */
export class AccountFile {
  private readonly path: string;
  private cache: { version: string; state: State } | undefined;
  private key: Buffer | undefined;
  private readonly texts = new WeakMap<Resource, string>();

  /** `sensitive` names the properties of a type that are kept encrypted. */
  constructor(
    private readonly folder: string,
    private readonly sensitive: (type: string) => readonly string[],
  ) {
    this.path = join(folder, "account.json");
  }

  /** All that exists. */
  read(): State {
    const version = this.version();
    if (version === undefined) return { resources: [], traces: [] };
    if (this.cache?.version !== version) {
      const stored = JSON.parse(readFileSync(this.path, "utf8")) as State;
      const key = this.readKey();
      const open = (resource: Resource) => ({
        ...resource,
        inputs: unseal(resource.inputs, key),
        outputs: unseal(resource.outputs, key),
      });
      this.cache = { version, state: { ...stored, resources: stored.resources.map(open) } };
    }
    return this.cache.state;
  }

  /** Replaces the state by the result of `work`; if `work` throws, nothing is written. */
  change<T>(work: (state: State) => { state: State; result: T }): T {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    return withLock(`${this.path}.lock`, () => {
      const { state, result } = work(this.read());
      this.write(state);
      return result;
    });
  }

  private write(state: State): void {
    const resources = state.resources.map((resource) => this.textOf(resource));
    const draft = `${this.path}.new`;
    const text = `{"resources": [\n${resources.join(",\n")}\n], "traces": ${JSON.stringify(state.traces, null, 1)}}\n`;
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, this.path);
    this.cache = { version: this.version() ?? "", state };
  }

  /** The encrypted text of a resource. Resources never change but are replaced, so each is encrypted once. */
  private textOf(resource: Resource): string {
    const known = this.texts.get(resource);
    if (known !== undefined) return known;
    const { type, inputs, outputs } = resource;
    const close = (properties: Properties) => seal(properties, this.sensitive(type), this.readKey());
    const text = JSON.stringify({ ...resource, inputs: close(inputs), outputs: close(outputs) });
    this.texts.set(resource, text);
    return text;
  }

  /** Changes whenever the file is replaced. */
  private version(): string | undefined {
    const state = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    return state && `${state.ino} ${state.mtimeNs} ${state.size}`;
  }

  private readKey(): Buffer {
    return (this.key ??= readKey(join(this.folder, "account.key")));
  }
}
