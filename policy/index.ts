import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

new PolicyPack("chatpop", { policies, enforcementLevel: "mandatory" });
