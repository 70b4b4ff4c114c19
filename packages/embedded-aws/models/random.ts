// The `random` package: random values that stay until an input changes.
import { randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import type { Model, Properties } from "./model";

const keepers = z.record(z.string(), z.string()).optional();
const count = z.int().min(0).optional();

const textInputs = z
  .strictObject({
    keepers,
    length: z.int().min(1),
    lower: z.boolean().optional(),
    minLower: count,
    minNumeric: count,
    minSpecial: count,
    minUpper: count,
    number: z.boolean().optional(),
    numeric: z.boolean().optional(),
    overrideSpecial: z.string().optional(),
    special: z.boolean().optional(),
    upper: z.boolean().optional(),
  })
  .superRefine((inputs, context) => {
    const needed = classes(inputs).reduce((sum, { minimum }) => sum + minimum, 0);
    if (inputs.length < needed) {
      const message = `must be at least minUpper + minLower + minNumeric + minSpecial, which is ${needed}, got ${inputs.length}`;
      context.addIssue({ code: "custom", path: ["length"], message });
    }
    if (classes(inputs).length === 0) {
      context.addIssue({
        code: "custom",
        message: "at least one of lower, upper, numeric and special must be true",
      });
    }
  });

/** Kinds of character in the text, each with its least number. */
function classes(inputs: Properties) {
  const table = [
    { name: "lower", letters: "abcdefghijklmnopqrstuvwxyz", minimum: inputs["minLower"] },
    { name: "upper", letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", minimum: inputs["minUpper"] },
    { name: "numeric", letters: "0123456789", minimum: inputs["minNumeric"] },
    {
      name: "special",
      letters: String(inputs["overrideSpecial"] ?? "!@#$%&*()-_=+[]{}<>:?"),
      minimum: inputs["minSpecial"],
    },
  ];
  const wanted = { ...inputs, numeric: inputs["numeric"] ?? inputs["number"] } as Properties;
  return table
    .filter(({ name }) => wanted[name] !== false)
    .map(({ letters, minimum }) => ({ letters, minimum: Number(minimum ?? 0) }));
}

function draw(inputs: Properties): string {
  const kinds = classes(inputs);
  const all = kinds.map(({ letters }) => letters).join("");
  const pick = (letters: string) => letters.charAt(randomInt(letters.length));
  const drawn = kinds.flatMap(({ letters, minimum }) => Array.from({ length: minimum }, () => pick(letters)));
  while (drawn.length < Number(inputs["length"])) drawn.push(pick(all));
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [drawn[last], drawn[other]] = [drawn[other] as string, drawn[last] as string];
  }
  return drawn.join("");
}

const textReplace = [...Object.keys(textInputs.shape)];

function drawnText(type: string, sensitive: readonly string[]): Model {
  return {
    type,
    inputs: textInputs,
    sensitive,
    replace: textReplace,
    computed: ["result"],
    identify: (_, context) => context.hex(20),
    describe: (inputs, _id, _context, previous) => ({
      ...Object.fromEntries(
        ["lower", "upper", "numeric", "number", "special"].map((name) => [name, inputs[name] ?? true]),
      ),
      ...Object.fromEntries(
        ["minLower", "minUpper", "minNumeric", "minSpecial"].map((name) => [name, inputs[name] ?? 0]),
      ),
      result: previous?.outputs["result"] ?? draw(inputs),
    }),
  };
}

const randomId: Model = {
  type: "random:index/randomId:RandomId",
  inputs: z.strictObject({ byteLength: z.int().min(1), keepers, prefix: z.string().optional() }),
  replace: ["byteLength", "keepers", "prefix"],
  computed: ["b64Std", "b64Url", "dec", "hex"],
  identify: (inputs) => randomBytes(Number(inputs["byteLength"])).toString("base64url"),
  describe: (inputs, id) => {
    const bytes = Buffer.from(id, "base64url");
    const prefix = String(inputs["prefix"] ?? "");
    return {
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + id,
      dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
      hex: prefix + bytes.toString("hex"),
    };
  },
};

export const models: readonly Model[] = [
  drawnText("random:index/randomPassword:RandomPassword", ["result"]),
  drawnText("random:index/randomString:RandomString", []),
  randomId,
];
