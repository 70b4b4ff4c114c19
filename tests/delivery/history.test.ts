import { expect } from "chai";
import { chooseImage, type Update } from "../../delivery/history";

const update = (image: string | undefined, result = "succeeded", kind = "update"): Update => ({
  kind,
  result,
  config: image === undefined ? {} : { "chatpop:image": { value: image } },
});

describe("the image to deploy", () => {
  it("is the one that was asked for; a digest is in the stack's own repository", () => {
    const history = [update("@sha256:a")];
    expect(chooseImage(history, "sha256:b")).to.deep.equal({ image: "@sha256:b", serving: "@sha256:a" });
    expect(chooseImage([], ":1.4.2")).to.deep.equal({ image: ":1.4.2", serving: undefined });
  });

  it("is, unless asked for, the one before the one in service", () => {
    const history = [update("@c"), update("@c"), update("@b"), update("@a")];
    expect(chooseImage(history)).to.deep.equal({ image: "@b", serving: "@c" });
  });

  it("is never one of an update that failed, nor of anything that was no update", () => {
    const history = [
      update("@d", "failed"),
      update("@c"),
      update("@b", "failed"),
      update("@x", "succeeded", "refresh"),
    ];
    expect(chooseImage([...history, update("@a")])).to.deep.equal({ image: "@a", serving: "@c" });
  });

  it("is none from before the stack was destroyed", () => {
    const history = [update("@b"), update("@a", "succeeded", "destroy"), update("@a")];
    expect(() => chooseImage(history)).to.throw(/no former image.*only run @b.*sha256:…/s);
    expect(() => chooseImage([])).to.throw("only run nothing");
  });

  it("may be the program's default", () => {
    expect(chooseImage([update("@a"), update(undefined)]).image).to.equal("auto");
  });
});
