// Keeps what is made from the sources and costs time: compiled TypeScript, the bundles of Lambda functions. Whoever keeps
// something puts into its name all that it was made of, so nothing here is ever older than its sources.
const { createHash } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = join(__dirname, "node_modules", ".cache", "chatpop");

/** Short name for a list of texts. */
exports.digest = (...texts) => createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 32);

/** What was kept under a name; undefined when there is nothing. */
exports.kept = (name) => {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    return undefined;
  }
};

/**
 * Keeps texts by name, in this order; whatever else was kept under a name that begins with `subject` is removed. Readers in
 * other processes find a whole text or none. Where nothing can be written, nothing is kept.
 */
exports.keep = (subject, texts) => {
  try {
    mkdirSync(folder, { recursive: true });
    const former = readdirSync(folder).filter((name) => name.startsWith(subject) && !(name in texts));
    for (const name of former) rmSync(join(folder, name), { force: true });
    for (const [name, text] of Object.entries(texts)) {
      const unfinished = join(folder, `.${name}.${process.pid}`);
      writeFileSync(unfinished, text);
      renameSync(unfinished, join(folder, name));
    }
  } catch {
    // The next process makes it again.
  }
};
