import { expect } from "chai";
import { chooseImage, type Update } from "../../delivery/history";

const update = (image: string | undefined, others: Partial<Update> = {}): Update => ({
  kind: "update",
  result: "succeeded",
  config: image === undefined ? {} : { "chatpop:image": { value: image } },
  ...others,
});
const failed = (image: string, others: Partial<Update> = {}) =>
  update(image, { result: "failed", ...others });
const ofRun = (run: string) => ({ environment: { "ci.build.id": run } });

describe("the image to deploy", () => {
  it("is the one that was asked for; a digest is in the stack's own repository", () => {
    const serving = "@sha256:a";
    expect(chooseImage([update("@sha256:a")], { serving, wanted: "sha256:b" })).to.deep.equal({
      image: "@sha256:b",
      serving,
    });
    expect(chooseImage([], { wanted: ":1.4.2" })).to.deep.equal({ image: ":1.4.2", serving: undefined });
  });

  it("is, unless asked for, the one before the one that ECS runs", () => {
    const history = [update("@c"), update("@c"), update("@b"), update("@a")];
    expect(chooseImage(history, { serving: "@c" })).to.deep.equal({ image: "@b", serving: "@c" });
    // The last update says nothing about what runs: ECS took its revision back.
    expect(chooseImage([update("@d"), ...history], { serving: "@c" }).image).to.equal("@d");
  });

  it("is never one of an update that failed, nor of anything that was no update", () => {
    const history = [failed("@d"), update("@c"), failed("@b"), update("@x", { kind: "refresh" })];
    expect(chooseImage([...history, update("@a")], { serving: "@c" }).image).to.equal("@a");
  });

  it("is none that an update did not name, as one of the role alone", () => {
    const history = [update(undefined), update("auto"), update("@c"), update("@b")];
    expect(chooseImage(history, { serving: "@c" }).image).to.equal("@b");
  });

  it("is none that was taken back, even when the way back failed or came twice", () => {
    const back = update("@a", { message: "Back from @b" });
    const history = [update("@b"), update("@a")];
    expect(() => chooseImage([back, ...history], { serving: "@a" })).to.throw("no former image");
    const again = [update("@a"), { ...back, result: "failed" }, ...history, update("@0")];
    expect(chooseImage(again, { serving: "@a" }).image).to.equal("@0");
    // An image that worked later works.
    const later = [update("@c"), update("@b"), back, ...history];
    expect(chooseImage(later, { serving: "@c" }).image).to.equal("@b");
  });

  it("is none from before the stack was destroyed", () => {
    const history = [update("@b"), update("@a", { kind: "destroy" }), update("@a")];
    expect(() => chooseImage(history, { serving: "@b" })).to.throw(/no former image.*only run @b.*sha256:…/s);
    expect(() => chooseImage([], {})).to.throw("only run nothing");
  });

  it("is none of a run that a younger one has overtaken", () => {
    const history = [
      failed("@d", ofRun("12")),
      update("@c"),
      update("@b", ofRun("9")),
      update("@a", ofRun("8")),
    ];
    const choose = (run: string) => chooseImage(history, { serving: "@c", wanted: "sha256:x", run }).image;
    expect(() => choose("8")).to.throw(/Run 8 is older than run 9.*rollback\.yml/);
    expect(choose("9"), "a repeated run").to.equal("@sha256:x");
    expect(choose("10")).to.equal("@sha256:x");
    expect(() => chooseImage(history, { serving: "@c", run: "8" })).to.throw("older than run 9");
  });

  it("is looked for no further back than it has to", () => {
    let asked = 0;
    function* history() {
      for (const image of ["@c", "@b", "@a"]) {
        asked++;
        yield update(image);
      }
    }
    expect(chooseImage(history(), { serving: "@c" }).image).to.equal("@b");
    expect(asked).to.equal(2);
  });
});
