// The file with the certificates of Amazon's authorities in Lambda's runtime for Node.js.
import { rmSync, writeFileSync } from "node:fs";

/** Path of that file; Node trusts its certificates if NODE_EXTRA_CA_CERTS names it. */
const ownFile = "/var/runtime/ca-cert.pem";

type Variables = Readonly<Record<string, string>>;

/**
 * Runs `work` with variables that name a file of this machine instead of the runtime's own file. It holds the
 * certificates of the embedded databases.
 *
 * @param file Path of that file while `work` runs.
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
