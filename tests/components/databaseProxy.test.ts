import { expect } from "chai";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

describe("database proxy", () => {
  it("exists at medium and large only (G-6, G-17, G-159, G-186)", () =>
    everywhere((recording, scale) => {
      for (const type of [types.proxy, types.proxyPool, types.proxyTarget]) {
        expect(recording.ofType(type), type).to.have.length(scale === "small" ? 0 : 1);
      }
    }));

  it("takes the password from the secret, over TLS, without IAM (G-106, GAP-26)", async () => {
    for (const mode of ["preview", "update"] as const) {
      const recording = await record("medium", mode);
      const proxy = recording.one(types.proxy);
      expect(proxy.inputs).to.include({ engineFamily: "POSTGRESQL", requireTls: true });
      const [auth, ...others] = proxy.inputs["auths"] as Record<string, unknown>[];
      expect(auth).to.include({ authScheme: "SECRETS", iamAuth: "DISABLED" });
      expect(others).to.be.empty;
      expect(recording.namesOf(proxy, "auths")).to.deep.equal(["chatpop-db-password"]);
      expect(recording.sourcesOf(proxy, "auths")[0]!.type).to.equal(types.secretVersion);
    }
  });

  it("has a role that reads this one secret, before the proxy asks for it", async () => {
    const recording = await record("medium", "update");
    const policy = recording.one(types.rolePolicy, "chatpop-proxy-secret");
    expect(JSON.parse(policy.inputs["policy"] as string).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: ["arn:aws:secretsmanager:us-east-1:123456789012:secret:chatpop-db-password-a1B2c3"],
      },
    ]);
    const role = recording.one(types.role, "chatpop-proxy");
    expect(JSON.parse(role.inputs["assumeRolePolicy"] as string).Statement[0].Principal).to.deep.equal({
      Service: "rds.amazonaws.com",
    });
    expect(recording.namesOf(policy, "role")).to.deep.equal([role.name]);
    expect(recording.one(types.proxy).dependencies).to.include(policy.urn);
  });

  it("stands before the primary, never before a replica (G-2, G-107)", async () => {
    for (const mode of ["preview", "update"] as const) {
      const recording = await record("large", mode);
      const target = recording.one(types.proxyTarget);
      expect(recording.namesOf(target, "dbInstanceIdentifier")).to.deep.equal(["chatpop-db"]);
      expect(recording.namesOf(target, "dbProxyName")).to.deep.equal(["chatpop-proxy"]);
    }
  });

  it("leaves connections to those who go past it, and lets a burst wait (GAP-18)", async () => {
    const pool = (await record("medium", "update")).one(types.proxyPool).inputs["connectionPoolConfig"];
    expect(pool).to.deep.equal({
      maxConnectionsPercent: 90,
      maxIdleConnectionsPercent: 50,
      connectionBorrowTimeout: 120,
    });
  });

  it("writes into a group that ends, made before it (G-178)", async () => {
    const recording = await record("medium", "update");
    const [proxy, group] = [recording.one(types.proxy), recording.one(types.logGroup, "chatpop-proxy-log")];
    expect(group.inputs["name"]).to.equal(`/aws/rds/proxy/${String(proxy.inputs["name"])}`);
    expect(group.inputs["retentionInDays"]).to.equal(14);
    expect(proxy.dependencies).to.include(group.urn);
  });

  it("gets another name where other subnets replace it", async () => {
    const recording = await record("medium", "update");
    const drawn = recording.one("random:index/randomId:RandomId", "chatpop-proxy-name");
    expect(recording.namesOf(drawn, "keepers")).to.deep.equal(
      recording.namesOf(recording.one(types.proxy), "vpcSubnetIds"),
    );
  });

  it("has its target before anything of a release connects (G-107)", async () => {
    const recording = await record("medium", "update");
    expect(recording.one(types.invocation, "chatpop-migrate").dependencies).to.include(
      recording.one(types.proxyTarget).urn,
    );
  });
});
