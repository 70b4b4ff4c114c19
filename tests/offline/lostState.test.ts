import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { stateFile } from "../../offline/environment";
import { lostState } from "../../offline/lostState";
import { temporaryFolders } from "./temporaryFolder";

describe("a state that is gone", () => {
  const folder = temporaryFolders();
  const write = (file: string, text: string, seconds = 0) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, seconds, seconds);
  };
  const place = (home: string, time: number) =>
    join(home, `state/.pulumi/history/chatpop/small/small-${time}.checkpoint.json`);
  const state = (name: string) => JSON.stringify({ checkpoint: { stack: name } });

  it("is none for a stack that was never there, or was removed with its history", () => {
    const home = folder();
    const file = stateFile(home, "small");
    expect(lostState(home, "small", file)).to.equal(undefined);
    write(`${file}.bak`, state("before"));
    expect(lostState(home, "small", file)).to.equal(undefined);
    write(file, state("now"));
    expect(lostState(home, "small", file)).to.equal(undefined);
  });

  for (const [title, text] of [
    ["lost", undefined],
    ["unreadable", ""],
    ["unreadable", '{"version": 3, "checkpoint": {'],
  ] as const) {
    it(`is ${title}${text ? " where it ends in the middle" : ""}, and its last copy is put back by the command that is named`, () => {
      const home = join(folder(), "it's here");
      const file = stateFile(home, "small");
      write(place(home, 1), state("older"), 10);
      write(place(home, 2), state("last"), 20);
      write(place(home, 3), "", 30);
      write(`${file}.bak`, state("before"), 15);
      if (text !== undefined) write(file, text);
      const told = lostState(home, "small", file)!;
      expect(told)
        .to.contain(`small is ${title}: ${file}`)
        .and.to.contain("make recover STACK=small APPLY=yes");
      execFileSync("sh", ["-c", /^ +(cp .*)$/m.exec(told)![1]!]);
      expect(readFileSync(file, "utf8")).to.equal(state("last"));
      expect(lostState(home, "small", file)).to.equal(undefined);
    });
  }

  it("says so when no copy was kept", () => {
    const home = folder();
    write(stateFile(home, "small"), "");
    expect(lostState(home, "small", stateFile(home, "small"))).to.contain("make clean");
  });
});
