// This project's folder, and what the launcher of the embedded AWS knows of files.
export { repository as projectFolder, readIfPresent } from "../packages/embedded-aws/launcher/files";
