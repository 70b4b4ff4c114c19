#!/usr/bin/env node
// Runs straight from the sources, so that what runs is never older than what is installed.
require("../typescript.cjs");
require("./cli/main.ts").start();
