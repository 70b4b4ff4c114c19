// The floors of the house (docs/architecture.md): what each folder may import besides its own files. ESLint holds every
// import against this list.
const guide = [
  "stacks/guide.ts",
  "stacks/guideMetrics.ts",
  "stacks/guideIndexes.ts",
  "stacks/capacity.ts",
  "stacks/measured.json",
  "stacks/guideCosts.json",
  "stacks/imageReference.ts",
];

/** Rooms of the forecast; its report stands above them. */
const rooms = ["capacity", "simulation", "cost", "main.ts"].map((room) => `forecast/${room}`);

export const floors = {
  aws: [],
  "stacks/guide.ts": [],
  "stacks/guideMetrics.ts": ["aws", "stacks/guide.ts"],
  "stacks/guideIndexes.ts": ["stacks/guide.ts"],
  "stacks/capacity.ts": ["stacks/guide.ts", "stacks/measured.json"],
  "stacks/imageReference.ts": [],
  "stacks/settings": ["aws", ...guide],
  "stacks/plan": ["aws", ...guide, "stacks/settings"],
  ...Object.fromEntries(
    rooms.map((room) => [
      room,
      ["aws", ...guide, "stacks/settings", "stacks/plan", ...rooms.filter((each) => each !== room)],
    ]),
  ),
  // The top of the house: it shows what all others say, and nothing needs it.
  "forecast/report": [
    "aws",
    ...guide,
    "stacks/settings",
    "stacks/plan",
    "forecast",
    "policy",
    "docs",
    "package.json",
  ],
  // A judge that sees the plan would find right what the plan finds right. Of the settings it knows the names, and the
  // commands that change them. What the chat writes into its log is a fact as well: the image's tests hold it.
  policy: [
    "aws",
    ...guide,
    "stacks/plan/monitoring/logMetrics.json",
    ...["index", "nearest", "remedies", "automatic"].map((file) => `stacks/settings/${file}.ts`),
  ],
  release: ["aws", ...guide],
  components: ["cache.cjs", "aws", ...guide, "stacks/settings/inThisStack.ts", "stacks/plan", "release"],
  "index.ts": ["components", "stacks/plan"],
  adoption: ["stacks/settings", "stacks/plan"],
  // Walks over the whole house, as an operator does.
  acceptance: ["aws", ...guide, "stacks/plan", "delivery", "release/smokeTest.ts"],
  delivery: ["aws", ...guide, "stacks/settings/automatic.ts", "forecast"],
  doctor: ["aws", ...guide, "stacks/settings", "stacks/plan", "package.json"],
  // A witness of its own: what it says of AWS, the program must not have told it.
  "packages/embedded-aws": [],
  offline: ["packages/embedded-aws", "stacks/settings/nearest.ts"],
};

/** Zones for `import-x/no-restricted-paths`, one a floor: everything of the project but what the floor may import. */
export const zones = Object.entries(floors).map(([target, allowed]) => ({
  target: `./${target}`,
  from: ".",
  except: [target, ...allowed, "node_modules"].map((path) => `./${path}`),
  message: `${target} may import ${allowed.length > 0 ? allowed.join(", ") : "nothing of the project"} (floors.mjs).`,
}));
