import { expect } from "chai";
import type { Registration } from "../recording/monitor";
import { everywhere, label, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { openTexts, unknown } from "../recording/wire";

const https = { domain: "chat.example.com" };

const isComponent = ({ custom, type }: Registration) => !custom && type !== types.stack;
const resources = (recording: Recording) => recording.registrations.filter(({ custom }) => custom);

describe("the program's resources", () => {
  it("each belong to a component, and each component to another one or to the stack", () =>
    everywhere((recording) => {
      for (const resource of resources(recording)) {
        expect(isComponent(recording.byUrn(resource.parent)), label(resource)).to.be.true;
      }
      for (const component of recording.registrations.filter(isComponent)) {
        const parent = recording.byUrn(component.parent);
        expect(isComponent(parent) || parent.type === types.stack, label(component)).to.be.true;
        expect(component.type).to.match(/^chatpop:(network|data|compute|[a-z]+):[A-Z]\w+$/);
      }
    }, https));

  it("belong to no component without children", () =>
    everywhere((recording) => {
      const parents = new Set(recording.registrations.map(({ parent }) => parent));
      for (const component of recording.registrations.filter(isComponent)) {
        expect(parents.has(component.urn), label(component)).to.be.true;
      }
    }));

  it("are named after the program", () =>
    everywhere((recording) => {
      for (const { name } of resources(recording)) expect(name).to.match(/^chatpop(-[a-z0-9-]+)?$/);
    }));

  it("have URNs of their own", () =>
    everywhere((recording) => {
      const urns = recording.registrations.map(({ urn }) => urn);
      expect(urns.filter((urn, index) => urns.indexOf(urn) !== index)).to.be.empty;
    }, https));

  it("depend only on what is registered, and never on themselves", () =>
    everywhere((recording) => {
      for (const resource of resources(recording)) {
        for (const urn of resource.dependencies) {
          expect(() => recording.byUrn(urn)).not.to.throw();
          expect(urn).not.to.equal(resource.urn);
        }
      }
    }));

  it("contain no value that was lost on the way", () =>
    everywhere((recording, _scale, mode) => {
      for (const resource of resources(recording)) {
        // A bundled function is code, and may say "undefined".
        const { code: _code, ...inputs } = resource.inputs;
        for (const text of openTexts(inputs)) {
          expect(text, label(resource)).not.to.match(/undefined|\[object |Calling \[toString\]/);
        }
        if (mode === "update") {
          expect(Object.values(resource.inputs), label(resource)).not.to.include(unknown);
        }
      }
    }, https));

  it("get no fixed physical name from the program, which would stand in the way of a successor (GAP-52)", () =>
    everywhere((recording) => {
      for (const resource of resources(recording)) {
        // Every change of a saved query is made in place, so that it never has a successor.
        if (resource.type === types.queryDefinition) continue;
        const names = ["name", "identifier", ...(resource.type === types.bucket ? ["bucket"] : [])];
        for (const name of names.filter((each) => each in resource.inputs)) {
          // Drawn beforehand where AWS names a log group after it.
          expect(recording.namesOf(resource, name, types.randomId), label(resource)).to.have.length(1);
        }
      }
    }));

  it("use no other load balancer module than aws.lb, which the policies know", () =>
    everywhere((recording) => {
      for (const { type } of resources(recording)) {
        expect(type).not.to.match(/^aws:(alb|elasticloadbalancingv2|applicationloadbalancing)\//);
      }
    }));
});

describe("secret values", () => {
  it("stand in no open input, output or variable, at no scale (G-188)", () =>
    everywhere((recording, _scale, mode) => {
      if (mode === "preview") return;
      const everything = [
        ...recording.registrations.map(({ inputs }) => inputs),
        recording.run.outputs,
        ...recording.run.warnings,
      ];
      for (const text of openTexts(everything)) expect(text).not.to.contain("drawn-for-");
    }));

  it("are there to be found: the same search finds them once secrets count as open", async () => {
    const recording = await record("small", "update");
    const wire = JSON.stringify(recording.registrations.map(({ wireInputs }) => wireInputs));
    expect(wire)
      .to.contain("drawn-for-chatpop-db-password")
      .and.to.contain("drawn-for-chatpop-django-secret-key");
  });
});

describe("stack outputs", () => {
  it("carry the plan, known in a preview as well, for policies to read", () =>
    everywhere((recording, scale) => {
      const { rooms } = { small: { rooms: 100 }, medium: { rooms: 1_000 }, large: { rooms: 5_000 } }[scale];
      expect(recording.run.outputs["plan"]).to.have.nested.property("demand.rooms", rooms);
    }));

  it("name what the runbook's commands ask AWS about, as AWS does (G-184)", async () => {
    const { outputs } = (await record("large", "update")).run;
    expect(outputs["identifiers"]).to.deep.equal({
      database: "chatpop-db-1a2b3c4",
      databaseProxy: "chatpop-proxy-0a1b2c3d",
      cache: "chatpop-redis-id",
      loadBalancer: "app/chatpop-alb/50dc6c495c0c9188",
      targetGroup: "arn:aws:lb:us-east-1:123456789012:chatpop-tg-1a2b3c4",
      workers: { "outbox-relay": "chatpop-worker-outbox-relay-1a2b3c4" },
    });
  });
});
