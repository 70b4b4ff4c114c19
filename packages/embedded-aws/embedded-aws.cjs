#!/usr/bin/env node
// The command `embedded-aws`, as npm installs it.
require("../../typescript.cjs");
require("./command.ts");
