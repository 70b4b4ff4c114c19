import { expect } from "chai";
import catalogue from "../../../packages/embedded-aws/data/postgres-parameters.json";
import { staticParameters } from "../../../aws/staticParameters";
import { databaseParameters } from "../../../stacks/plan/databaseParameters";

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;
const kibibyte = 2 ** 10;
/** PostgreSQL counts buffers in pages. */
const page = 8 * kibibyte;

/** Evaluates RDS's formula language, as far as it is used here, for an instance of so much memory. */
function evaluate(value: string, memory: number): number {
  const formula = /^\{DBInstanceClassMemory(?:\*(\d+))?\/(\d+)\}$/.exec(value);
  return formula ? (memory * Number(formula[1] ?? 1)) / Number(formula[2]) : Number(value);
}

const parameter = (name: string, logConnections = true) => {
  const found = databaseParameters(logConnections).find((each) => each.name === name);
  if (!found) throw new Error(`no parameter ${name}`);
  return found;
};

describe("database parameters", () => {
  /** The guide's value for a 4 GB class in bytes, and the unit that RDS counts in. */
  const sizes = [
    ["G-90", "shared_buffers", 1 * gibibyte, page],
    ["G-91", "effective_cache_size", 3 * gibibyte, page],
    ["G-92", "work_mem", 4 * mebibyte, kibibyte],
    ["G-93", "maintenance_work_mem", 256 * mebibyte, kibibyte],
    ["G-95", "wal_buffers", 16 * mebibyte, page],
    ["G-96", "min_wal_size", 1 * gibibyte, mebibyte],
    ["G-97", "max_wal_size", 4 * gibibyte, mebibyte],
  ] as const;
  for (const [requirement, name, bytes, unit] of sizes) {
    it(`${name} is the guide's on a class of 4 GB, in RDS's unit (${requirement})`, () => {
      expect(evaluate(parameter(name).value, 4 * gibibyte) * unit).to.equal(bytes);
    });
  }

  it("take effect at a restart where RDS says so of them (G-103, GAP-41)", () => {
    const statics = Object.entries(catalogue).filter(
      ([, parameter]) => typeof parameter === "object" && parameter.apply === "static",
    );
    expect(staticParameters).to.have.members(statics.map(([name]) => name));
  });

  const numbers = [
    ["G-94", "checkpoint_completion_target", "0.9"],
    ["G-98", "random_page_cost", "1.1"],
    ["G-99", "effective_io_concurrency", "200"],
    ["G-100", "log_min_duration_statement", "500"],
  ] as const;
  for (const [requirement, name, value] of numbers) {
    it(`${name} is ${value} (${requirement})`, () => expect(parameter(name).value).to.equal(value));
  }

  for (const name of ["log_connections", "log_disconnections"]) {
    it(`${name} is on where there is little traffic, and off where its lines would cost more than the database (G-101, G-102, GAP-36)`, () => {
      expect(parameter(name, true).value).to.equal("1");
      expect(parameter(name, false).value).to.equal("0");
    });
  }

  it("leaves max_connections to RDS, which derives it from memory (G-89, GAP-18)", () => {
    expect(databaseParameters(true).map(({ name }) => name)).not.to.contain("max_connections");
  });

  it("treats all fourteen parameters of the guide (G-194)", () => {
    const names = databaseParameters(true).map(({ name }) => name);
    const guide = [
      ...sizes.map(([, name]) => name),
      ...numbers.map(([, name]) => name),
      "log_connections",
      "log_disconnections",
    ];
    expect(guide).to.have.length(13);
    expect(names).to.include.members(guide);
  });

  it("leaves memory for everything else on every class (GAP-2)", () => {
    for (const memory of [1, 2, 4, 8, 16, 64, 768]) {
      const bytes = memory * gibibyte;
      expect(evaluate(parameter("shared_buffers").value, bytes) * page).to.be.at.most(bytes / 4);
      expect(evaluate(parameter("maintenance_work_mem").value, bytes) * kibibyte).to.be.at.most(bytes / 16);
    }
  });

  // RDS documents exactly the first two as static. The others have RDS's own value, with which it takes no other method.
  it("waits for a restart with what is static or RDS's own, and only with that (G-103, GAP-41)", () => {
    const waiting = databaseParameters(true).filter(({ applyMethod }) => applyMethod === "pending-reboot");
    expect(waiting.map(({ name }) => name)).to.have.members([
      "shared_buffers",
      "wal_buffers",
      "checkpoint_completion_target",
      "rds.force_ssl",
      "timezone",
    ]);
  });

  it("encrypts connections and keeps the clock at UTC, so that the proxy need not pin them (GAP-26)", () => {
    expect(parameter("rds.force_ssl").value).to.equal("1");
    expect(parameter("timezone").value).to.equal("UTC");
  });

  it("ends a transaction that is idle for a minute, which a migration would wait for (GAP-43)", () => {
    expect(parameter("idle_in_transaction_session_timeout")).to.include({
      value: "60000",
      applyMethod: "immediate",
    });
  });

  it("names no parameter twice", () => {
    const names = databaseParameters(true).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
});
