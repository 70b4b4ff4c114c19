import { PolicyPack } from "@pulumi/policy";
import { listen } from "./engine";
import { policies } from "./pack";

listen();
new PolicyPack("chatpop", { policies, enforcementLevel: "mandatory" });
