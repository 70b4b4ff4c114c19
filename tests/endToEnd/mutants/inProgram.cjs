// Makes the mistake that CHATPOP_MISTAKE names in the program that Pulumi runs: what it registers is changed before it is sent.
const Module = require("node:module");
const load = Module._load;

Module._load = (request, ...rest) => {
  const mistake = process.env.CHATPOP_MISTAKE;
  if (mistake && request === "./components/chat") {
    Module._load = load;
    require("./states.ts").make(mistake);
  }
  return load(request, ...rest);
};
