import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { application } from "../../stacks/guide";
import { run } from "../recording/program";
import { Recording } from "../recording/recording";
import { types } from "../recording/types";
import { analyze } from "./analysis";
import { configure } from "./configure";

const folder = join(__dirname, "..", "..", "examples", "frontend");
const policies = JSON.parse(readFileSync(join(folder, "policies.json"), "utf8")) as Parameters<
  typeof configure
>[0];

async function program(preview: boolean): Promise<Recording> {
  const file = join(folder, "index.ts");
  delete require.cache[file];
  const result = await run({
    config: { image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop-frontend:1.0.0" },
    preview,
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    program: () => require(file),
  });
  if (result.error) throw result.error;
  return new Recording(result);
}

describe("examples/frontend", () => {
  afterEach(() => configure({}));

  for (const preview of [true, false]) {
    it(`breaks no mandatory rule once the frontend is named as not being the chat (${preview ? "first preview" : "update"})`, async () => {
      configure(policies);
      const found = (await analyze((await program(preview)).registrations)).filter(
        ({ level, policy }) => level === "mandatory" || policy === "other-services",
      );
      expect(found.map(({ policy, message }) => `${policy}: ${message}`)).to.deep.equal([]);
    });
  }

  it("would be taken for the chat without that name", async () => {
    configure({});
    const found = (await analyze((await program(false)).registrations)).filter(
      ({ level }) => level === "mandatory",
    );
    expect(found.map(({ policy }) => policy)).to.include.members(["sticky-sessions", "media-in-s3"]);
  });

  it("sends the backend's paths to the chat, the release's own among them, and all others to the frontend", async () => {
    const recording = await program(false);
    const rules = recording
      .ofType("aws:lb/listenerRule:ListenerRule")
      .map((rule) => ({
        priority: Number(rule.inputs["priority"]),
        paths: (rule.inputs["conditions"] as [{ pathPattern: { values: string[] } }])[0].pathPattern.values,
        to: recording.namesOf(rule, "actions", types.targetGroup)[0]!,
        at: recording.namesOf(rule, "listenerArn", types.listener)[0],
      }))
      .sort((a, b) => a.priority - b.priority);
    expect(new Set(rules.map(({ at }) => at))).to.deep.equal(new Set(["chatpop-http"]));
    const to = (path: string) =>
      rules.find(({ paths }) =>
        paths.some((each) => (each.endsWith("*") ? path.startsWith(each.slice(0, -1)) : path === each)),
      )?.to;
    const health = recording.one(types.targetGroup, "chatpop-tg").inputs["healthCheck"] as { path: string };
    const smoke = recording.one(types.invocation, "chatpop-smoke-test").inputs["input"] as string;
    const { path, socketPath } = JSON.parse(smoke) as { path: string; socketPath: string };
    const bare = (text: string) => text.split("?")[0]!;
    const own = [
      "/api/chats",
      "/media/voice.webm",
      "/admin/login/",
      "/static/admin.css",
      bare(path),
      bare(health.path),
    ];
    for (const each of [...own, socketPath, application.socketPath])
      expect(to(each), each).to.equal("chatpop-tg");
    for (const each of ["/", "/chat/room", "/_next/static/a.js"]) expect(to(each), each).to.equal("frontend");
  });

  it("lets nobody but the load balancer to the frontend, and the frontend to nothing but HTTPS", async () => {
    const recording = await program(false);
    const rulesOf = (type: string) =>
      recording
        .ofType(type)
        .filter((rule) => recording.namesOf(rule, "securityGroupId")[0] === "chatpop-frontend")
        .map((rule) => [
          rule.inputs["fromPort"],
          recording.namesOf(rule, "referencedSecurityGroupId")[0] ?? rule.inputs["cidrIpv4"],
        ]);
    expect(rulesOf(types.ingressRule)).to.deep.equal([[3000, "chatpop-alb"]]);
    expect(rulesOf(types.egressRule)).to.deep.equal([[443, "0.0.0.0/0"]]);
    const service = recording.one(types.service, "frontend");
    expect(recording.namesOf(service, "networkConfiguration", types.securityGroup)).to.deep.equal([
      "chatpop-frontend",
    ]);
    expect(service.inputs["loadBalancers"]).to.have.nested.property("[0].containerPort", 3000);
  });
});
