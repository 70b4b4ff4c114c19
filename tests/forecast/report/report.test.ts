import axe from "axe-core";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { graphOf } from "../../../forecast/report/graph";
import { type Box, layout } from "../../../forecast/report/layout";
import { materialOf } from "../../../forecast/report/material";
import { page } from "../../../forecast/report/page";
import { types } from "../../../aws/types";
import { scales } from "../../../stacks/guide";
import { sample } from "../../exhaustive";
import { startBrowser } from "./browser";
import { recorded } from "./material";

const overlap = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const last = (id: string) => id.split("::").at(-1);

describe("the architecture of a report", () => {
  for (const scale of scales) {
    it(`draws ${scale} without a box upon another, every box within its frame`, async () => {
      const graph = graphOf((await recorded(scale)).resources);
      const { boxes, width, height } = await layout(graph);
      const inFrames = [...graph.nodes, ...graph.subnets].map(({ id, place }) => ({
        place,
        ...boxes.get(id)!,
      }));
      inFrames.forEach((box, index) => {
        for (const other of inFrames.slice(index + 1)) {
          expect(overlap(box, other), `${last(box.id)} and ${last(other.id)}`).to.equal(false);
        }
        const frame = box.place === "outside" ? { x: 0, y: 0, width, height } : boxes.get(box.place)!;
        expect(box.x, box.id).to.be.at.least(frame.x);
        expect(box.y, box.id).to.be.at.least(frame.y);
        expect(box.x + box.width, box.id).to.be.at.most(frame.x + frame.width);
        expect(box.y + box.height, box.id).to.be.at.most(frame.y + frame.height);
      });
    });
  }

  it("has who may talk to whom from the rules of the security groups, and nothing else", async () => {
    const { resources } = await recorded("large");
    const arrows = (items: typeof resources) =>
      graphOf(items).edges.map(({ from, to, ports }) =>
        `${last(from)} → ${last(to)} ${ports.join(",")}`.trim(),
      );
    expect(arrows(resources)).to.have.members([
      "people → chatpop-alb 80,443",
      "chatpop-alb → chatpop-tasks 9000",
      "chatpop-tasks → chatpop-nat-1 443",
      "chatpop-tasks → chatpop-redis 6379",
      "chatpop-tasks → chatpop-proxy 5432",
      "chatpop-tasks → chatpop-db 5432",
      "chatpop-proxy → chatpop-db 5432",
      "chatpop-indexes → chatpop-db 5432",
      "chatpop-db → chatpop-db-replica",
    ]);
    const closed = resources.filter(
      ({ type, name }) => type !== types.ingressRule || name !== "chatpop-tasks-to-redis",
    );
    expect(arrows(closed)).to.not.include("chatpop-tasks → chatpop-redis 6379");
  });

  it("puts a resource where its subnets are: tasks with public addresses into the public ones", async () => {
    const placeOf = async (egress: string) => {
      const { nodes } = graphOf((await recorded("small", { egress })).resources);
      return nodes.find(({ title }) => title === "Service backend")?.place;
    };
    expect(await placeOf("public-ip")).to.equal("public");
    expect(await placeOf("nat")).to.equal("private");
  });
});

describe("a report", () => {
  it("is read from a preview and its event log, with the results and reasons of the pack", async () => {
    const { resources } = await recorded("small");
    const newState = resources.map(({ type, urn, inputs, propertyDependencies }) => ({
      type,
      urn,
      inputs: JSON.parse(JSON.stringify(inputs)) as object,
      propertyDependencies,
    }));
    const preview = JSON.stringify({
      config: {
        "chatpop:scale": "small",
        "chatpop:rooms": "200",
        "chatpop:image": "auto",
        "aws:region": "us-east-1",
      },
      steps: newState.map((state) => ({ op: "create", newState: state })),
      diagnostics: [
        { severity: "warning", message: "warning: <{%fg 3%}>No domain<{%reset%}>\n" },
        {
          severity: "info",
          message: JSON.stringify([
            { rule: "task-size", concern: "Scale", outcome: "holds" },
            { rule: "database-size-for-scale", concern: "Scale", outcome: "holds" },
            { rule: "https-offered", concern: "Network", outcome: "advised" },
          ]),
        },
      ],
    });
    const log = `${JSON.stringify({ policyEvent: { policyName: "https-offered", message: "no HTTPS\n" } })}\n{}\n`;
    const material = materialOf(preview, log, "2026-11-30");
    expect(material.settings).to.deep.equal({ scale: "small", rooms: "200" });
    expect(material.demand.rooms).to.equal(200);
    expect(material.warnings).to.deep.equal(["No domain"]);
    const rule = (name: string) => material.rules.find((each) => each.name === name)!;
    expect(rule("https-offered")).to.deep.include({ outcome: "advised", findings: ["no HTTPS"] });
    expect(rule("database-size-for-scale").outcome).to.equal("holds");
    expect(rule("two-zones").outcome).to.equal(undefined);
  });

  it("never shows what is secret, and escapes what it shows", async () => {
    const material = await recorded("small");
    const text = await page({ ...material, warnings: ["<img src=x onerror=alert(1)>"], stack: "a&b" });
    expect(text).to.include("&lt;img src=x").and.not.include("<img src=x");
    expect(text).to.include("a&amp;b: 100 rooms");
    for (const { inputs } of material.resources) {
      const { password } = inputs as { password?: { value?: unknown } };
      if (typeof password?.value === "string") expect(text).to.not.include(password.value);
    }
  });
});

describe("a report in Chromium", () => {
  let browser: Browser;
  let text: string;
  const complaints: string[] = [];

  before(async function () {
    this.timeout(120_000);
    text = await page(await recorded("large"));
    browser = await startBrowser();
  });
  after(() => browser?.close());

  async function open(width: number, colorScheme: "light" | "dark"): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    opened.on("console", (message) => complaints.push(message.text()));
    opened.on("pageerror", (error) => complaints.push(error.message));
    opened.on("request", (request) => complaints.push(`asks for ${request.url()}`));
    await opened.setContent(text);
    return opened;
  }

  it("is one file of less than 1 MB that asks the network for nothing", async () => {
    expect(Buffer.byteLength(text)).to.be.below(1_000_000);
    await (await open(1_280, "light")).close();
    expect(complaints).to.deep.equal([]);
  });

  const windows = [
    ["on a phone", 390, "light"],
    ["in the dark", 1_280, "dark"],
    ["light", 1_280, "light"],
  ] as const;
  for (const [name, width, scheme] of sample(windows, () => "a window")) {
    it(`${name}: is accessible, no wider than the window, every text within its box`, async function () {
      this.timeout(60_000);
      const opened = await open(width, scheme);
      const ask = <T>(script: string) => opened.evaluate<T>(script);
      await ask(`for (const each of document.querySelectorAll("details")) each.open = true`);
      await ask(axe.source);
      const serious = await ask(`axe.run().then(({ violations }) => violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => id + ": " + nodes[0].html))`);
      expect(serious).to.deep.equal([]);
      const outside =
        await ask(`[...document.querySelectorAll(".architecture .node, .architecture .subnet")].flatMap((node) => {
        const box = node.querySelector(".box").getBoundingClientRect();
        return [...node.querySelectorAll("text")].filter((each) => {
          const { left, right } = each.getBoundingClientRect();
          return left < box.left || right > box.right;
        }).map((each) => each.textContent);
      })`);
      expect(outside).to.deep.equal([]);
      const { documentElement: wide } = await ask<{ documentElement: number }>(
        `({ documentElement: document.documentElement.scrollWidth - document.documentElement.clientWidth })`,
      );
      expect(wide).to.equal(0);
      await opened.close();
    });
  }

  it("opens a box's settings, price and alarms by keyboard, and closes them by Escape", async () => {
    const opened = await open(1_280, "light");
    const box = opened.locator("a.node", { hasText: "Cache redis" });
    await box.focus();
    await opened.keyboard.press("Enter");
    const panel = opened.locator(".panel:target");
    await panel.waitFor();
    expect(await panel.innerText()).to.match(
      /\$114 a month[\s\S]*cache-memory[\s\S]*nodeType\s+cache\.m5\.large/,
    );
    await opened.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" }).catch(() => undefined);
    expect(await panel.count()).to.equal(0);
    await opened.close();
  });

  it("filters the rules by word and result", async () => {
    const opened = await open(1_280, "light");
    const shown = () => opened.locator('[data-filtered="rules"] tbody tr:visible').count();
    const all = await shown();
    await opened.locator("[data-find]").fill("two-zones");
    expect(await shown()).to.equal(1);
    await opened.locator("[data-find]").fill("");
    await opened.locator('.filters input[value="holds"]').uncheck();
    const holding = await opened.locator('[data-outcome="holds"]').count();
    expect(holding).to.be.above(0);
    expect(await shown()).to.equal(all - holding);
    await opened.close();
  });
});
