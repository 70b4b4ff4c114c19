// The documentation as a site: the same files that a reader of the repository finds, in four groups, with a search.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const project = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const groups = JSON.parse(readFileSync(join(project, "site", "pages.json"), "utf8")) as Record<
  string,
  string[]
>;

/** Where the source of a file is shown: `https://github.com/<owner>/<name>/blob/main`. Without it such links are plain text. */
const source =
  process.env["SOURCE_URL"] ??
  (process.env["GITHUB_REPOSITORY"] && `https://github.com/${process.env["GITHUB_REPOSITORY"]}/blob/main`);

/**
 * `docs/settings.md` is the page `/settings`, a folder's README.md or the page of its name its index, and the project's
 * README.md the first page.
 */
const addressOf = (file: string): string =>
  "/" +
  file
    .replace(/^docs\//, "")
    .replace(/^operations\.md$/, "operations/index.md")
    .replace(/(^|\/)README\.md$/, "$1index.md")
    .replace(/(^|\/)index\.md$/, "$1")
    .replace(/\.md$/, "");

/** As GitHub makes the anchor of a heading: links have to lead there on both. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

const titleOf = (file: string): string =>
  /^# (.*)$/m.exec(readFileSync(join(project, file), "utf8"))?.[1]?.replace(/`/g, "") ?? file;

export default defineConfig({
  title: "ChatPop on AWS",
  description: "One Pulumi program that takes a Django Channels chat to AWS at any size",
  srcDir: "..",
  srcExclude: ["**/node_modules/**", "**/.*/**", "{examples,image,loadtest,packages,policy,site,tests}/**"],
  outDir: "../.offline/site",
  cacheDir: "../.offline/site-cache",
  cleanUrls: true,
  // The pages lie above the folder of the packages, where no import of theirs would find Vue.
  vite: {
    resolve: {
      alias: ["vue/server-renderer", "vue"].map((find) => ({
        find: new RegExp(`^${find}$`),
        replacement: join(project, "site", "node_modules", find),
      })),
    },
  },
  // A reader types those of a task of their own.
  ignoreDeadLinks: "localhostLinks",
  rewrites: (file) =>
    `${addressOf(file)
      .slice(1)
      .replace(/(^|\/)$/, "$1index")}.md`,
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: Object.entries(groups).map(([text, files]) => ({
      text,
      items: files.map((file) => ({ text: titleOf(file), link: addressOf(file) })),
    })),
  },
  markdown: {
    anchor: { slugify: anchorOf },
    config(markdown) {
      const open = markdown.renderer.rules["link_open"]!;
      markdown.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
        const token = tokens[index]!;
        const [path = "", anchor] = (token.attrGet("href") ?? "").split("#");
        if (path !== "" && !/^[a-z]+:/.test(path)) {
          const target = posix.normalize(
            posix.join(posix.dirname(env.realPath ? relative(env.realPath) : env.relativePath), path),
          );
          if (!target.endsWith(".md") || /^(examples|image|loadtest|packages|policy|tests)\//.test(target)) {
            if (source === undefined || !existsSync(join(project, target))) {
              token.tag = "span";
              token.attrs = null;
              const close = tokens.slice(index).find(({ type }) => type === "link_close");
              if (close) close.tag = "span";
              return self.renderToken(tokens, index, options);
            }
            token.attrSet("href", `${source}/${target}`);
            return self.renderToken(tokens, index, options);
          }
          token.attrSet("href", addressOf(target) + (anchor === undefined ? "" : `#${anchor}`));
        }
        return open(tokens, index, options, env, self);
      };
    },
  },
});

function relative(file: string): string {
  return posix.relative(project, file);
}
