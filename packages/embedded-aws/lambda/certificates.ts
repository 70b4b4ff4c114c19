// The certificates of Amazon's authorities, which Lambda's runtime for Node.js has in a file of its own.
import { rmSync, writeFileSync } from "node:fs";

/** Where the runtime has them; Node trusts them when NODE_EXTRA_CA_CERTS names the file. */
const ownFile = "/var/runtime/ca-cert.pem";

type Variables = Readonly<Record<string, string>>;

/**
 * Runs `work` with variables that lead to a file of this machine, if they name the runtime's own. In it are the
 * certificates that the databases have drawn here.
 *
 * @param file Where that file is while `work` runs.
 */
export async function withCertificates<T>(
  variables: Variables,
  file: string,
  certificates: readonly string[],
  work: (variables: Variables) => Promise<T>,
): Promise<T> {
  if (variables.NODE_EXTRA_CA_CERTS !== ownFile) return work(variables);
  writeFileSync(file, certificates.join("\n"));
  try {
    return await work({ ...variables, NODE_EXTRA_CA_CERTS: file });
  } finally {
    rmSync(file, { force: true });
  }
}
