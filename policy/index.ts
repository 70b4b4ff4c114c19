import { PolicyPack } from "@pulumi/policy";
import { configurationCheck } from "./configuration";
import { decodeOnce, listen } from "./engine";
import { policies } from "./pack";

decodeOnce();
listen([configurationCheck]);
new PolicyPack("chatpop", { policies, enforcementLevel: "mandatory" });
