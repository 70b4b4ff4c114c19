import { expect } from "chai";
import { drawnPassword } from "../recording/computedOutputs";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";
import { Secret } from "../recording/wire";

describe("secrets", () => {
  it("are drawn with characters that RDS and the application take (GAP-50)", () =>
    everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.password)) {
        expect(inputs["overrideSpecial"]).to.match(/^[^/@" ]+$/);
        expect(inputs["length"]).to.be.at.least(32);
      }
      expect(recording.one(types.password, "chatpop-django-secret-key").inputs["length"]).to.be.at.least(50);
    }));

  it("are stored in the forms that their readers want: JSON for the proxy, plain text for Django (G-68, G-69, GAP-6)", () =>
    everywhere((recording, _scale, mode) => {
      if (mode === "preview") return;
      const stored = (name: string) =>
        recording.one(types.secretVersion, name).inputs["secretString"] as Secret;
      expect(JSON.parse(stored("chatpop-db-password").value as string)).to.deep.equal({
        username: "chatpop_admin",
        password: drawnPassword("chatpop-db-password"),
      });
      expect(stored("chatpop-django-secret-key")).to.deep.equal(
        new Secret(drawnPassword("chatpop-django-secret-key")),
      );
    }));

  it("can be taken back for 30 days, unless the stack is disposable", async () => {
    for (const [disposable, days] of [
      ["false", 30],
      ["true", 0],
    ] as const) {
      await everywhere(
        (recording) => {
          for (const { inputs } of recording.ofType(types.secret)) {
            expect(inputs["recoveryWindowInDays"]).to.equal(days);
          }
        },
        { disposable },
      );
    }
  });

  it("are stored where their version says", async () => {
    const recording = await record("small", "preview");
    for (const version of recording.ofType(types.secretVersion)) {
      expect(recording.namesOf(version, "secretId")).to.deep.equal([version.name]);
    }
  });

  it("are drawn anew by a higher version, each by its own, although the data are protected (GAP-50)", async () => {
    const drawn = async (config: Record<string, string>) =>
      (await record("large", "update", config))
        .ofType(types.password)
        .map(({ name, inputs, protect }) => ({ name, keepers: inputs["keepers"], protect }));
    const [database, django] = ["chatpop-db-password", "chatpop-django-secret-key"];
    const unchanged = { keepers: undefined, protect: false };
    const version = { keepers: { version: "2" }, protect: false };
    expect(await drawn({})).to.have.deep.members([
      { name: database, ...unchanged },
      { name: django, ...unchanged },
    ]);
    expect(await drawn({ databasePasswordVersion: "2" })).to.have.deep.members([
      { name: database, ...version },
      { name: django, ...unchanged },
    ]);
    expect(await drawn({ djangoSecretKeyVersion: "2" })).to.have.deep.members([
      { name: database, ...unchanged },
      { name: django, ...version },
    ]);
  });

  it("reach the database when they can be looked up, and before new tasks start", () =>
    everywhere(
      (recording) => {
        const primary = recording.one(types.database, "chatpop-db");
        expect(recording.namesOf(primary, "password", types.secretVersion)).to.deep.equal([
          "chatpop-db-password",
        ]);
        const task = recording.one(types.taskDefinition, "chatpop-backend");
        expect(recording.namesOf(task, "containerDefinitions", types.database)).to.include("chatpop-db");
      },
      { databaseProxy: "false" },
    ));
});
