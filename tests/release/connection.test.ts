import { expect } from "chai";
import { parseAddress } from "../../release/cli/arguments";
import { tlsOptions, type DatabaseAddress } from "../../release/indexes/connection";
import { explain, UsageError, withoutPassword } from "../../release/indexes/errors";

const address = (change: Partial<DatabaseAddress>): DatabaseAddress => ({
  ...{ host: "db.example.org", database: "postgres", username: "chatpop_admin" },
  ...change,
});

const ca = "-----BEGIN CERTIFICATE-----";
const unchecked = { rejectUnauthorized: false };

describe("TLS of the index build", () => {
  for (const [name, change, expected] of [
    ["encrypts by default", {}, unchecked],
    ["does not on the local machine", { host: "127.0.0.1" }, false],
    ["does on the local machine when told to", { host: "127.0.0.1", sslMode: "require" }, unchecked],
    ["checks certificate and host name as soon as it can", { ca }, { ca }],
    ["checks against public authorities when told to", { sslMode: "verify-full" }, { ca: undefined }],
    ["stays off when told to", { ca, sslMode: "disable" }, false],
  ] as const) {
    it(name, () => expect(tlsOptions(address(change))).to.deep.equal(expected));
  }

  for (const sslMode of ["require", "verify-ca"] as const) {
    it(`${sslMode} with an authority checks the certificate, but not the host name`, () => {
      const options = tlsOptions(address({ ca, sslMode }));
      expect(options).to.include({ ca }).and.not.have.property("rejectUnauthorized");
      const { checkServerIdentity } = options as { checkServerIdentity: (host: string) => unknown };
      expect(checkServerIdentity("somewhere.else")).to.equal(undefined);
    });
  }
});

describe("address of the database", () => {
  it("is taken apart and decoded", () => {
    expect(
      parseAddress("postgres://chat%40pop:a%2Fb@db.example.org:6543/chat%20rooms?sslmode=verify-ca"),
    ).to.deep.equal({
      ...{
        host: "db.example.org",
        port: 6543,
        database: "chat rooms",
        username: "chat@pop",
        password: "a/b",
      },
      ...{ sslMode: "verify-ca", ca: undefined },
    });
  });

  it("has its own password rather than the environment's, and the usual port", () => {
    expect(parseAddress("postgresql://app:own@db/chat", "other")).to.include({ password: "own", port: 5432 });
    expect(parseAddress("postgresql://app@[::1]/chat", "other")).to.include({
      password: "other",
      host: "::1",
    });
  });
});

describe("errors of the index build", () => {
  for (const [name, error, expected] of [
    [
      "a full disk",
      { code: "53100", message: "could not extend file" },
      /^could not extend file\. .*databaseStorage/,
    ],
    ["a refused connection", { code: "ECONNREFUSED", message: "connect" }, /^connect\. Check host and port/],
    ["too many connections", { code: "53300", message: "sorry." }, /^sorry\. Free a connection .*needs two/],
    ["an unknown certificate", { code: "SELF_SIGNED_CERT_IN_CHAIN", message: "no" }, /--ca/],
    [
      "a certificate for another host",
      { code: "ERR_TLS_CERT_ALTNAME_INVALID", message: "x" },
      /sslmode=verify-ca/,
    ],
    ["a lost connection", { message: "Connection terminated unexpectedly" }, /awaited/],
    ["anything else", { code: "XX000", message: "internal" }, /^internal$/],
  ] as const) {
    it(`say what to do about ${name}`, () => {
      expect(explain(Object.assign(new Error(error.message), error))).to.match(expected);
    });
  }

  it("look into what Node tried on several addresses", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(explain(new AggregateError([refused, refused]))).to.match(/^connect\. Check host/);
  });

  it("leave the user's own mistakes as they are", () => {
    expect(explain(new UsageError("--wait 10: no unit"))).to.equal("--wait 10: no unit");
  });

  it("lose the password in both its forms", () => {
    expect(withoutPassword("a/b and a%2Fb and b/a", "a/b")).to.equal("*** and *** and b/a");
    expect(withoutPassword("unchanged", undefined)).to.equal("unchanged");
  });
});
