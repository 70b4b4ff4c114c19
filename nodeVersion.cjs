// Refuses a Node that is too old, before anything else is loaded: otherwise an update would fail with a riddle in its middle.
const { engines } = require("./package.json");

const wanted = engines.node.replace(">=", "");
const [major, minor] = process.versions.node.split(".").map(Number);
const [leastMajor, leastMinor] = wanted.split(".").map(Number);
if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  process.stderr.write(
    `ChatPop on AWS needs Node ${wanted} or newer, and this is Node ${process.versions.node} (${process.execPath}). ` +
      "Install a newer one (https://nodejs.org), or put it first on the PATH.\n",
  );
  process.exit(1);
}
