// Encryption at rest. A key file beside the account stands in for AWS KMS.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Properties } from "../models/model";

const mark = "$encrypted";

/** The account's key; drawn at the first use. Only its owner may read it. */
export function readKey(path: string): Buffer {
  if (!existsSync(path)) {
    const draft = `${path}.${randomBytes(6).toString("hex")}`;
    writeFileSync(draft, randomBytes(32), { mode: 0o600 });
    try {
      // Linking fails if another process was first; then its key counts.
      linkSync(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(draft);
    }
  }
  return readFileSync(path);
}

/** The properties with those named in `sensitive` encrypted (AES-256-GCM). */
export function seal(properties: Properties, sensitive: readonly string[], key: Buffer): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      if (value === undefined || !sensitive.includes(name)) return [name, value];
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
      return [name, { [mark]: Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64") }];
    }),
  );
}

/** The properties in clear. */
export function unseal(properties: Properties, key: Buffer): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const sealed = (value as Properties | null | undefined)?.[mark];
      if (typeof sealed !== "string") return [name, value];
      const bytes = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
      return [name, JSON.parse(text.toString("utf8")) as unknown];
    }),
  );
}
