// The account on disk: one file for all stacks and regions, written atomically under a lock.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource, State } from "../account";
import { seal, readKey, unseal } from "./encryption";
import { withLock } from "./lock";

/** The account's resources on disk. Several processes may use the same folder at once. */
export class AccountFile {
  private readonly path: string;
  private cache: { version: string; state: State } | undefined;
  private key: Buffer | undefined;

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

  /** Replaces the state by what `work` makes of it; nothing is written when it throws. */
  change<T>(work: (state: State) => { state: State; result: T }): T {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    return withLock(`${this.path}.lock`, () => {
      const { state, result } = work(this.read());
      this.write(state);
      return result;
    });
  }

  private write(state: State): void {
    const key = this.readKey();
    const close = (resource: Resource) => ({
      ...resource,
      inputs: seal(resource.inputs, this.sensitive(resource.type), key),
      outputs: seal(resource.outputs, this.sensitive(resource.type), key),
    });
    const draft = `${this.path}.new`;
    const sealed: State = { ...state, resources: state.resources.map(close) };
    writeFileSync(draft, `${JSON.stringify(sealed, null, 1)}\n`, { mode: 0o600 });
    renameSync(draft, this.path);
    this.cache = { version: this.version() ?? "", state };
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
