import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

interface Found {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The browser of an npm package, with the libraries and fonts that it brings along for Lambda's bare system. */
async function packaged(): Promise<Found> {
  const before = { ...process.env };
  // This is how the package knows that its libraries are wanted.
  process.env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs22.x";
  try {
    const { default: own } = await import("@sparticuz/chromium");
    const executablePath = await own.executablePath();
    return { executablePath, env: { ...process.env } };
  } finally {
    // Other tests run in this process afterwards.
    process.env = before;
  }
}

/** The system's browser: the package has none for other processors. */
function installed(): Found {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "google-chrome", "chromium-browser"];
  const executablePath = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(existsSync);
  if (!executablePath) {
    throw new Error(
      `No Chromium is on the PATH of this ${process.arch} machine. Install it: apt-get install chromium`,
    );
  }
  return { executablePath, env: process.env };
}

/** Starts a headless Chromium. */
export async function startBrowser(): Promise<Browser> {
  const { executablePath, env } = process.arch === "x64" ? await packaged() : installed();
  return chromium.launch({
    executablePath,
    env: env as Record<string, string>,
    // Tests run as root in containers, where Chromium's own sandbox cannot be set up.
    args: ["--no-sandbox", "--no-zygote", "--headless=shell", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}
