import { PolicyPack } from "@pulumi/policy";
import { configurationCheck } from "./configuration";
import { listen } from "./engine";
import { policies } from "./pack";

listen([configurationCheck]);
new PolicyPack("chatpop", { policies, enforcementLevel: "mandatory" });
