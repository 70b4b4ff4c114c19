import { readFileSync } from "node:fs";
import { join } from "node:path";
import { priceList } from "../../../aws/prices";
import measured from "../../../stacks/measured.json";
import { html, table } from "../html";
import type { Material } from "../material";
import type { Section } from "./section";

interface Package {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Versions of tools and parts, and the settings of the stack. */
export function versionsSection({ settings, resources, date }: Material): Section {
  const { version, dependencies } = JSON.parse(
    readFileSync(join(__dirname, "../../../package.json"), "utf8"),
  ) as Package;
  const database = resources.find(({ inputs }) => inputs["engine"] === "postgres");
  const cache = resources.find(({ inputs }) => inputs["nodeType"] !== undefined);
  const pulumi = Object.entries(dependencies).filter(([name]) => name.startsWith("@pulumi/"));
  return {
    id: "versions",
    title: "Versions and settings",
    body: html`${table(
        "Versions",
        ["what", "version"],
        [
          ["report", date],
          ["program", version],
          ...pulumi.map(([name, each]) => [name, each]),
          ["PostgreSQL", String(database?.inputs["engineVersion"] ?? "–")],
          [
            "cache",
            `${String(cache?.inputs["engine"] ?? "redis")} ${String(cache?.inputs["engineVersion"] ?? "")}`,
          ],
          ["measured", `${measured.date}, ${measured.machine}`],
          ["prices", priceList.asOf],
        ],
      )}
      <h3>Settings of the stack</h3>
      <dl>
        ${Object.entries(settings).map(
          ([key, value]) =>
            html`<dt>chatpop:${key}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      <p class="note">Everything else is the Plan's own decision (docs/settings.md).</p>`,
  };
}
