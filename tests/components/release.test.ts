import { expect } from "chai";
import { habits } from "../../stacks/plan/habits";
import { catalogue } from "../../stacks/guideIndexes";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { Secret } from "../recording/wire";

const rounds = ["", "-await-2", "-await-3"];
const step = (recording: Recording, name: string) => recording.one(types.invocation, name);

/** Input of an invocation, secret or not. */
function event(recording: Recording, name: string): Record<string, unknown> {
  const { input } = step(recording, name).inputs;
  return JSON.parse((input instanceof Secret ? input.value : input) as string) as Record<string, unknown>;
}

const statements = (recording: Recording, name: string) =>
  (
    JSON.parse(recording.one(types.rolePolicy, name).inputs["policy"] as string) as {
      Statement: { Action: string[]; Resource: string[]; Condition?: object }[];
    }
  ).Statement;

describe("release", () => {
  it("goes from migration to indexes to service to check, in this order (G-46, G-151, G-152)", () =>
    everywhere((recording) => {
      const lastMigration = step(recording, "chatpop-migrate-await-3");
      const lastBuild = step(recording, "chatpop-build-indexes-await-3");
      const service = recording.one(types.service, "chatpop-backend-service");
      for (const round of rounds) {
        expect(step(recording, `chatpop-build-indexes${round}`).dependencies).to.include(lastMigration.urn);
      }
      expect(service.dependencies).to.include.members([lastMigration.urn, lastBuild.urn]);
      expect(step(recording, "chatpop-check-deployment").dependencies).to.include(service.urn);
    }));

  it("sends no task to a proxy that does not serve the database yet, and tries again with another password (GAP-18)", async () => {
    await everywhere((recording, scale, mode) => {
      const waits = recording.ofType(types.invocation).filter(({ name }) => name === "chatpop-await-proxy");
      expect(waits).to.have.length(scale === "small" ? 0 : 1);
      for (const wait of waits) {
        const target = recording.one("aws:rds/proxyTarget:ProxyTarget");
        expect(wait.dependencies).to.include(target.urn);
        for (const service of recording.ofType(types.service)) {
          expect(service.dependencies).to.include(wait.urn);
        }
        if (mode === "preview") continue;
        expect(event(recording, "chatpop-await-proxy")).to.deep.equal({
          action: "await proxy",
          proxy: "chatpop-proxy-0a1b2c3d",
          database: "chatpop-db-1a2b3c4",
        });
      }
    });
    const triggers = async (settings: Record<string, string>) =>
      step(await record("medium", "update", settings), "chatpop-await-proxy").inputs["triggers"];
    expect(await triggers({ databasePasswordVersion: "2" })).not.to.deep.equal(await triggers({}));
    const [looks] = statements(await record("medium", "update"), "chatpop-release").slice(-1);
    expect(looks!.Action).to.deep.equal(["rds:DescribeDBProxyTargets"]);
    const { urn } = (await record("medium", "update")).one("aws:rds/proxy:Proxy");
    expect(
      (await record("medium", "update")).one(types.rolePolicy, "chatpop-release").dependencies,
    ).to.include(urn);
  });

  it("has room for a deployment at a scale that a service may reach with one task (G-71)", async () => {
    await everywhere((recording, scale, mode) => {
      const steps = recording.ofType(types.invocation).filter(({ name }) => name === "chatpop-make-room");
      expect(steps).to.have.length(scale === "large" ? 1 : 0);
      const service = recording.one(types.service, "chatpop-backend-service");
      for (const each of steps) {
        expect(service.dependencies).to.include(each.urn);
        expect(each.dependencies).to.include(step(recording, "chatpop-build-indexes-await-3").urn);
        if (mode === "preview") continue;
        const { minCapacity: minimum, maxCapacity: maximum } = recording.one(
          "aws:appautoscaling/target:Target",
        ).inputs;
        expect(event(recording, "chatpop-make-room")).to.include({
          action: "make room",
          minimum,
          maximum,
          maximumPercent: service.inputs["deploymentMaximumPercent"],
        });
      }
    });
    const actions = async (scale: "medium" | "large") =>
      statements(await record(scale, "update"), "chatpop-release").flatMap(({ Action }) => Action);
    expect(await actions("large")).to.include("application-autoscaling:RegisterScalableTarget");
    expect(await actions("medium")).not.to.include("ecs:UpdateService");
  });

  it("ends with what users do, as they do it, wherever its function is let in", async () => {
    const recording = await record("small", "update", { domain: "chat.example.com" });
    const test = step(recording, "chatpop-smoke-test");
    expect(test.dependencies).to.include(step(recording, "chatpop-check-deployment").urn);
    expect(event(recording, "chatpop-smoke-test")).to.deep.equal({
      action: "smoke test",
      loadBalancer: "chatpop-alb-1234567890.us-east-1.elb.amazonaws.com",
      domain: "chat.example.com",
      path: "/healthz?deep",
      socketPath: "/ws/chat/release/",
    });
    // Nobody is sent to a chat that does not work, and no alarm begins.
    for (const later of [
      ...recording.ofType(types.alarm).filter(({ name }) => !name.endsWith("-deployment")),
      ...recording.ofType(types.record).filter(({ inputs }) => "aliases" in inputs),
    ]) {
      expect(later.dependencies).to.include(test.urn);
    }
    const closed = await record("small", "update", { allowedCidrs: '["10.0.0.0/8"]' });
    expect(closed.ofType(types.invocation).map(({ name }) => name)).not.to.include("chatpop-smoke-test");
  });

  it("hands a long migration or build from one round to the next", async () => {
    const recording = await record("large", "update");
    for (const name of ["chatpop-migrate", "chatpop-build-indexes"]) {
      rounds.forEach((suffix, index) => {
        expect(event(recording, name + suffix)).to.include({ round: index + 1, rounds: rounds.length });
        expect("previous" in event(recording, name + suffix)).to.equal(index > 0);
      });
      expect(recording.namesOf(step(recording, `${name}-await-2`), "input")).to.include(name);
    }
  });

  it("migrates with the new task definition, on the instance and never through the proxy (G-46, GAP-4, GAP-43)", () =>
    everywhere((recording, _scale, mode) => {
      const sources = recording.namesOf(step(recording, "chatpop-migrate"), "input");
      expect(sources).to.include.members(["chatpop-backend", "chatpop-db"]);
      expect(sources).to.not.include("chatpop-proxy");
      if (mode === "preview") return;
      expect(event(recording, "chatpop-migrate")).to.deep.include({
        action: "migrate",
        container: "chatpop-backend",
        command: ["python", "manage.py", "migrate", "--noinput"],
        databaseHost: "chatpop-db.instance.rds.amazonaws.com",
      });
      expect(event(recording, "chatpop-migrate")["session"]).to.match(/-c lock_timeout=\d+s/);
    }));

  it("builds the indexes on the instance, from inside the VPC, once that has proved its name (G-86, GAP-28)", () =>
    everywhere((recording, _scale, mode) => {
      const build = step(recording, "chatpop-build-indexes");
      expect(recording.namesOf(build, "input")).to.include("chatpop-db").and.not.include("chatpop-proxy");
      const builder = recording.one(types.lambdaFunction, "chatpop-indexes");
      expect(recording.namesOf(builder, "vpcConfig")).to.include("chatpop-indexes");
      // Otherwise Lambda's Node knows none of the authorities that sign RDS's certificates.
      expect(builder.inputs["environment"]).to.have.nested.property(
        "variables.NODE_EXTRA_CA_CERTS",
        "/var/runtime/ca-cert.pem",
      );
      if (mode === "preview") return;
      expect(event(recording, "chatpop-build-indexes")).to.deep.include({
        host: "chatpop-db.instance.rds.amazonaws.com",
        username: "chatpop_admin",
        sslMode: "verify-full",
        options: { skipEquivalent: false },
      });
    }));

  it("hands the password to the build as a secret", async () => {
    const recording = await record("large", "update");
    for (const round of rounds) {
      expect(step(recording, `chatpop-build-indexes${round}`).inputs["input"]).to.be.instanceOf(Secret);
    }
  });

  it("runs again when image, migration command or catalogue change, and only then", async () => {
    const triggers = async (settings: Record<string, string>, name: string) =>
      step(await record("small", "update", settings), name).inputs["triggers"];
    for (const name of ["chatpop-migrate", "chatpop-build-indexes"]) {
      const before = await triggers({}, name);
      expect(await triggers({ image: ":2.0.0" }, name)).to.not.deep.equal(before);
      expect(await triggers({ maxTasks: "3" }, name)).to.deep.equal(before);
    }
    const build = await triggers({}, "chatpop-build-indexes");
    expect(await triggers({ migrationCommand: "./migrate" }, "chatpop-build-indexes")).to.not.deep.equal(
      build,
    );
    expect((build as { catalogue: string }).catalogue).to.match(/^[0-9a-f]{16}$/);
  });

  it("wakes its functions whenever it invokes them: Lambda puts those to sleep that nobody calls for weeks", async () => {
    const occasions = async (settings: Record<string, string>) => {
      const recording = await record("large", "update", settings);
      return ["chatpop-release", "chatpop-indexes"].map(
        (name) =>
          (
            recording.one(types.lambdaFunction, name).inputs["environment"] as {
              variables: { OCCASION: string };
            }
          ).variables.OCCASION,
      );
    };
    const before = await occasions({});
    expect(await occasions({ alarmEmail: "on-call@example.com" })).to.deep.equal(before);
    for (const settings of [
      { migrationCommand: "./migrate" },
      { egress: "nat" },
      { workers: '{"mailer":{"command":"./mail"}}' },
    ] as Record<string, string>[]) {
      const after = await occasions(settings);
      after.forEach((occasion, index) => expect(occasion).not.to.equal(before[index]));
    }
    const recording = await record("large", "update");
    for (const name of ["chatpop-release", "chatpop-indexes"]) {
      const sources = recording.namesOf(recording.one(types.lambdaFunction, name), "environment");
      expect(sources).to.include("chatpop-backend");
    }
  });

  it("checks every deployment, also one that keeps the revision (GAP-30)", async () => {
    const deployed = async (settings: Record<string, string>) => {
      const { inputs } = step(await record("large", "update", settings), "chatpop-check-deployment");
      return (inputs["triggers"] as { deployed: string }).deployed;
    };
    const before = await deployed({});
    expect(await deployed({ alarmEmail: "on-call@example.com" })).to.equal(before);
    expect(await deployed({ executeCommand: "true" })).not.to.equal(before);
    expect(await deployed({ zones: "3" })).not.to.equal(before);
    expect(await deployed({ egress: "public-ip" })).not.to.equal(before);
  });

  it("may run tasks of this family, pass on their two roles, look at this cluster and read this log", async () => {
    const recording = await record("medium", "update");
    const [log, run, roles, list, tasks, services, taskLog, _proxy, ...others] = statements(
      recording,
      "chatpop-release",
    );
    expect(log!.Action).to.deep.equal(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(run!.Action).to.deep.equal(["ecs:RunTask"]);
    expect(run!.Resource).to.deep.equal([
      "arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-test:*",
    ]);
    expect(list).to.deep.include({ Action: ["ecs:ListTasks"], Resource: ["*"] });
    expect(list!.Condition).to.have.nested.property("ArnEquals.ecs:cluster");
    expect(tasks!.Action).to.deep.equal(["ecs:DescribeTasks"]);
    expect(services!.Action).to.deep.equal(["ecs:DescribeServices"]);
    expect(roles!.Action).to.deep.equal(["iam:PassRole"]);
    expect(roles!.Resource).to.have.length(2);
    expect(roles!.Condition).to.deep.equal({
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    });
    expect(taskLog!.Action).to.deep.equal(["logs:GetLogEvents"]);
    expect(others).to.be.empty;
    for (const statement of [log, run, tasks, services, roles, taskLog]) {
      expect(statement!.Resource).to.not.include("*");
    }
  });

  it("gives the function in the VPC nothing but its own log and network interfaces", async () => {
    const recording = await record("medium", "update");
    expect(statements(recording, "chatpop-indexes").flatMap(({ Action }) => Action)).to.deep.equal([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
    expect(recording.one(types.rolePolicyAttachment, "chatpop-indexes-vpc").inputs["policyArn"]).to.equal(
      "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
    );
  });

  it("keeps the functions' logs as long as the application's (G-178, G-196)", () =>
    everywhere((recording, scale) => {
      for (const name of ["chatpop-release", "chatpop-indexes"]) {
        const retention = habits[scale].logRetentionDays;
        expect(recording.one(types.logGroup, name).inputs["retentionInDays"]).to.equal(retention);
      }
    }));

  it("shows the state of every index among the outputs (G-87)", async () => {
    const { outputs } = (await record("large", "update")).run;
    expect(outputs["indexes"]).to.deep.equal(
      Object.fromEntries(catalogue.map(({ name }) => [name, "valid"])),
    );
  });
});
