import { expect } from "chai";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../models/model";
import { printPath, valuesAt } from "../../provider/paths";
import { decode, encode, hasUnknown, unknownValue } from "../../provider/wire";

// protobuf's JavaScript cannot carry a key of this name; no argument has it.
const key = fc.string().filter((text) => text !== "__proto__");
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.constant(unknownValue),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(key, tie("any"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;
const properties = fc.dictionary(key, value, { noNullPrototype: true }) as fc.Arbitrary<Properties>;

describe("wire format", () => {
  it("brings every value back as it was, also through protobuf's bytes", () => {
    fc.assert(
      fc.property(properties, (given) => {
        const bytes = encode(given).serializeBinary();
        expect(decode(Struct.deserializeBinary(bytes))).to.deep.equal(given);
      }),
    );
  });

  it("leaves out what is undefined, however deep", () => {
    expect(decode(encode({ a: undefined, b: { c: undefined, d: 1 }, e: [{ f: undefined }] }))).to.deep.equal({
      b: { d: 1 },
      e: [{}],
    });
  });

  it("takes the engine's unknowns of all types for the same", () => {
    const array = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
    const number = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
    expect(decode(Struct.fromJavaScript({ a: array, b: { c: [number] } }))).to.deep.equal({
      a: unknownValue,
      b: { c: [unknownValue] },
    });
  });

  it("unwraps secrets, also secrets in secrets", () => {
    const secret = (inner: Properties | string) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: inner as string,
    });
    const sent = { password: secret({ user: "a", password: secret("b") as unknown as string }) };
    expect(decode(encode(sent))).to.deep.equal({ password: { user: "a", password: "b" } });
  });

  it("sees unknown values wherever they hide", () => {
    expect(hasUnknown({ a: [{ b: unknownValue }] })).to.be.true;
    expect(hasUnknown({ a: [{ b: `${unknownValue}?` }] })).to.be.false;
  });
});

describe("paths", () => {
  it("step through lists with *", () => {
    const found = valuesAt({ auths: [{ arn: "a" }, {}, { arn: "b" }] }, "auths.*.arn");
    expect(found).to.deep.equal([
      { path: ["auths", 0, "arn"], value: "a" },
      { path: ["auths", 2, "arn"], value: "b" },
    ]);
  });

  it("print as the engine reads them", () => {
    expect(printPath(["healthCheck", "interval"])).to.equal("healthCheck.interval");
    expect(printPath(["rules", 0, "a.b"])).to.equal('rules[0]["a.b"]');
  });
});
