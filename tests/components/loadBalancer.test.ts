import { expect } from "chai";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const https = { domain: "chat.example.com", certificateArn };

describe("load balancer and its listeners", () => {
  it("is one internet-facing application load balancer in two zones (G-1, G-13, G-50, G-191)", () =>
    everywhere((recording) => {
      const loadBalancer = recording.one(types.loadBalancer);
      expect(loadBalancer.inputs).to.include({ loadBalancerType: "application", internal: false });
      const zones = recording
        .sourcesOf(loadBalancer, "subnets")
        .filter(({ type }) => type === types.subnet)
        .map(({ inputs }) => inputs["availabilityZone"] as string);
      expect(new Set(zones)).to.have.property("size", 2);
    }));

  it("closes idle connections after Daphne's ping and before Daphne itself (GAP-23)", () =>
    everywhere((recording) => expect(recording.one(types.loadBalancer).inputs["idleTimeout"]).to.equal(55)));

  it("drops headers that HTTP does not allow", () =>
    everywhere(
      (recording) => expect(recording.one(types.loadBalancer).inputs["dropInvalidHeaderFields"]).to.be.true,
    ));

  it("listens on port 80 and forwards to the tasks (G-51, G-191)", () =>
    everywhere((recording) => {
      const listener = recording.one(types.listener);
      expect(listener.inputs).to.include({ port: 80, protocol: "HTTP" });
      expect((listener.inputs["defaultActions"] as { type: string }[]).map(({ type }) => type)).to.deep.equal(
        ["forward"],
      );
      expect(recording.namesOf(listener, "defaultActions")).to.deep.equal(["chatpop-tg"]);
      expect(recording.namesOf(listener, "loadBalancerArn")).to.deep.equal(["chatpop-alb"]);
    }));

  it("redirects to the domain when there is one, and forwards only from there (G-51, GAP-14)", () =>
    everywhere((recording) => {
      const http = recording.one(types.listener, "chatpop-http");
      expect(http.inputs["defaultActions"]).to.deep.equal([
        {
          type: "redirect",
          redirect: { host: "chat.example.com", protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
        },
      ]);
      const secure = recording.one(types.listener, "chatpop-https");
      expect(secure.inputs).to.include({ port: 443, protocol: "HTTPS", certificateArn });
      expect(secure.inputs["sslPolicy"]).to.match(/^ELBSecurityPolicy-TLS13-1-2-/);
      expect(recording.namesOf(secure, "defaultActions")).to.deep.equal(["chatpop-tg"]);
    }, https));

  it("keeps the plain entrance until tasks that know the domain are proven to run (GAP-14)", () =>
    everywhere((recording) => {
      const check = recording.one(types.invocation, "chatpop-check-deployment");
      expect(recording.one(types.listener, "chatpop-http").dependencies).to.include(check.urn);
    }, https));

  it("shows the domain's certificate once the release is through, and keeps the one before when it fails (GAP-14)", () =>
    everywhere((recording) => {
      expect(recording.one(types.listener, "chatpop-https").dependencies).to.include.members(
        ["chatpop-migrate-await-3", "chatpop-build-indexes-await-3"].map(
          (step) => recording.one(types.invocation, step).urn,
        ),
      );
    }, https));

  it("is reached at its domain, or else at its own name", async () => {
    expect((await record("small", "update", https)).run.outputs["url"]).to.equal("https://chat.example.com");
    expect((await record("small", "update")).run.outputs["url"]).to.equal(
      "http://chatpop-alb-1234567890.us-east-1.elb.amazonaws.com",
    );
  });
});

describe("target group", () => {
  it("has addresses as targets, HTTP on port 9000 (G-53, G-190)", () =>
    everywhere((recording) => {
      const group = recording.one(types.targetGroup);
      expect(group.inputs).to.include({ targetType: "ip", protocol: "HTTP", port: 9000 });
      expect(recording.namesOf(group, "vpcId")).to.deep.equal(["chatpop"]);
    }));

  it("asks /admin/login/ for 200 every 30 s (G-54, G-190)", () =>
    everywhere((recording) => {
      expect(recording.one(types.targetGroup).inputs["healthCheck"]).to.deep.equal({
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: "/admin/login/",
        interval: 30,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        matcher: "200",
      });
    }));

  it("keeps a client on its task for 24 hours by an application cookie (G-5, G-55, G-154, G-190, GAP-21)", () =>
    everywhere((recording) => {
      expect(recording.one(types.targetGroup).inputs["stickiness"]).to.deep.equal({
        enabled: true,
        type: "app_cookie",
        cookieName: "chatpop_affinity",
        cookieDuration: 86_400,
      });
    }));

  it("can use the load balancer's own cookie, which has no name", async () => {
    const recording = await record("small", "update", { stickiness: "lb_cookie" });
    expect(recording.one(types.targetGroup).inputs["stickiness"]).to.deep.equal({
      enabled: true,
      type: "lb_cookie",
      cookieDuration: 86_400,
    });
  });

  it("waits a minute for a leaving task, and eases new ones in where there are many (GAP-24)", () =>
    everywhere((recording, scale) => {
      expect(recording.one(types.targetGroup).inputs).to.include({
        deregistrationDelay: 10,
        slowStart: scale === "large" ? 60 : 0,
      });
    }));

  it("is named by AWS, or it could not be replaced while a listener uses it (GAP-52)", () =>
    everywhere((recording) => expect(recording.one(types.targetGroup).inputs).not.to.have.property("name")));
});
