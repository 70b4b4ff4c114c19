import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { protectedResources, refusal } from "../../offline/protection";
import { temporaryFolders } from "./temporaryFolder";

describe("protection against deletion, offline", () => {
  const folder = temporaryFolders();

  it("is read from the stack's state", () => {
    const file = join(folder(), "small.json");
    const resources = [
      { urn: "urn:pulumi:small::chatpop::aws:rds/instance:Instance::chatpop-database", protect: true },
      { urn: "urn:pulumi:small::chatpop::aws:ec2/vpc:Vpc::chatpop-vpc" },
    ];
    writeFileSync(file, JSON.stringify({ checkpoint: { latest: { resources } } }));
    expect(protectedResources(file)).to.deep.equal(["chatpop-database"]);
  });

  it("holds nothing in a stack that was never deployed", () => {
    const file = join(folder(), "small.json");
    expect(protectedResources(file)).to.deep.equal([]);
    writeFileSync(file, JSON.stringify({ checkpoint: {} }));
    expect(protectedResources(file)).to.deep.equal([]);
  });

  it("is refused with both steps and the short cut", () => {
    const text = refusal("large", ["chatpop-database"]);
    expect(text).to.contain("Stack large is protected against deletion: chatpop-database.");
    expect(text).to.contain("config set chatpop:deletionProtection false --stack large");
    expect(text).to.contain("offline/pulumi destroy --stack large");
    expect(text).to.contain("make down STACK=large UNPROTECT=yes");
  });
});
