// This project's folder, and what the launcher of the embedded AWS knows of files.
export { REPOSITORY as PROJECT, readIfPresent } from "../packages/embedded-aws/launcher/files";
