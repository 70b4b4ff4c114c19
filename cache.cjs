// Keeps what is made from the sources and costs time: compiled TypeScript, V8's code, bundles of Lambda functions. Whoever keeps
// something puts into its name all that it was made of, so nothing here is ever older than its sources.
const { createHash } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** Where it lies. */
const folder = join(__dirname, "node_modules", ".cache", "chatpop");

exports.folder = folder;

/** Short name for a list of texts. */
exports.digest = (...texts) => createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 32);

/** The content kept under a name, as a text or, without an encoding, as bytes; undefined when there is none. */
exports.kept = (name, encoding = "utf8") => {
  try {
    return readFileSync(join(folder, name), encoding);
  } catch {
    return undefined;
  }
};

/**
 * Keeps texts or bytes by name, in this order; whatever else was kept under a name that begins with `subject` is removed. Readers in
 * other processes find a whole one or none. Where nothing can be written, nothing is kept.
 */
exports.keep = (subject, contents) => {
  try {
    mkdirSync(folder, { recursive: true });
    const former = readdirSync(folder).filter((name) => name.startsWith(subject) && !(name in contents));
    for (const name of former) rmSync(join(folder, name), { force: true });
    for (const [name, content] of Object.entries(contents)) {
      const unfinished = join(folder, `.${name}.${process.pid}`);
      writeFileSync(unfinished, content);
      renameSync(unfinished, join(folder, name));
    }
  } catch {
    // The next process makes it again.
  }
};
