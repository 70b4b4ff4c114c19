import { ConfigureAnalyzerRequest, EnforcementLevel, PolicyConfig } from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { takeConfiguration } from "../../policy/engine";
import { record } from "../recording/recording";
import { types } from "../recording/types";
import { analyze } from "./analysis";
import { add, all } from "./mutations";

/** Another web service behind the chat's load balancer, as somebody runs it who has no WebSockets. */
const grafana = all(
  add(types.targetGroup, "grafana", { protocol: "HTTP", targetType: "ip" }),
  add(
    types.taskDefinition,
    "grafana",
    {
      cpu: "256",
      memory: "512",
      containerDefinitions: JSON.stringify([
        {
          name: "grafana",
          image: "grafana/grafana:12.1",
          portMappings: [{ containerPort: 3000 }],
          logConfiguration: {},
        },
      ]),
    },
    { containerDefinitions: [`${types.logGroup} chatpop-backend`] },
  ),
  add(
    types.service,
    "grafana",
    { loadBalancers: [{ containerName: "grafana" }] },
    {
      loadBalancers: [`${types.targetGroup} grafana`],
      taskDefinition: [`${types.taskDefinition} grafana`],
    },
  ),
);

/** The rules that complain of anything that is Grafana's, and of what is configured. */
async function complaining(mode: "preview" | "update", ...names: readonly string[]) {
  const request = new ConfigureAnalyzerRequest();
  const config = new PolicyConfig().setEnforcementlevel(EnforcementLevel.ADVISORY);
  request.getPolicyconfigMap().set("other-services", config.setProperties(Struct.fromJavaScript({ names })));
  takeConfiguration(request);
  const found = await analyze(grafana((await record("medium", mode)).registrations));
  return found
    .filter(({ level, policy }) => level === "mandatory" || policy === "other-services")
    .map(({ policy }) => policy);
}

describe("a service behind the load balancer that is not the chat", () => {
  after(() => takeConfiguration(new ConfigureAnalyzerRequest()));

  for (const mode of ["preview", "update"] as const) {
    it(`is left out by every rule once it is named (${mode})`, async () => {
      expect(await complaining(mode)).to.include.members([
        "migration-before-service",
        "no-task-before-its-successor",
        "sticky-sessions",
        "stop-timeout",
        "task-size",
      ]);
      expect(await complaining(mode, "grafana")).to.deep.equal([]);
    });
  }

  it("is told when no service has its name", async () => {
    expect(await complaining("update", "grafana", "grafanna")).to.deep.equal(["other-services"]);
  });
});
