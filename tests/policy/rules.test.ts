import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { policies } from "../../policy/pack";
import type { Scale } from "../../stacks/guide";
import { everywhere, label, record } from "../recording/recording";
import { types } from "../recording/types";
import { analyze } from "./analysis";
import { merge, type Mutation, redirect, remove, set } from "./mutations";

type Config = Readonly<Record<string, string>>;

interface Case {
  readonly what: string;
  readonly scale: Scale;
  /** Settings that the program itself is run with. */
  readonly config?: Config;
  readonly mutation?: Mutation;
}

interface Violation extends Case {
  readonly policy: string;
  /** `type name` of the resource that is blamed; the stack when left out. */
  readonly blames?: string;
  readonly says: RegExp;
}

const database = `${types.database} chatpop-db`;
const replica = `${types.database} chatpop-db-replica`;
const targetGroup = `${types.targetGroup} chatpop-tg`;
const taskDefinition = `${types.taskDefinition} chatpop-backend`;

const tasksPastTheProxy = redirect(
  { type: types.taskDefinition },
  { from: "chatpop-proxy.proxy.rds.amazonaws.com", to: "chatpop-db.instance.rds.amazonaws.com" },
  { from: [types.proxy, types.proxyTarget], to: database },
);

const violations: readonly Violation[] = [
  {
    what: "no proxy at 1,000 rooms (G-6, G-159)",
    scale: "medium",
    config: { databaseProxy: "false" },
    policy: "database-proxy-from-1000-rooms",
    says: /1,000 rooms, but no RDS Proxy/,
  },
  {
    what: "a proxy without a database behind it (G-107)",
    scale: "medium",
    mutation: remove({ type: types.proxyTarget }),
    policy: "database-proxy-from-1000-rooms",
    says: /no database is registered as its target/,
  },
  {
    what: "tasks that go past the proxy (G-109, G-160)",
    scale: "medium",
    mutation: tasksPastTheProxy,
    policy: "database-proxy-from-1000-rooms",
    blames: taskDefinition,
    says: /POSTGRES_HOST is the database itself/,
  },
  {
    what: "tasks that go past the proxy while they read from a replica",
    scale: "large",
    mutation: tasksPastTheProxy,
    policy: "database-proxy-from-1000-rooms",
    blames: taskDefinition,
    says: /POSTGRES_HOST is the database itself/,
  },
  {
    what: "no replica at 5,000 rooms (G-7, G-165)",
    scale: "large",
    config: { readReplicas: "0" },
    policy: "read-replica-from-5000-rooms",
    says: /5,000 rooms, but no read replica/,
  },
  {
    what: "a replica that is weaker than its source (G-168)",
    scale: "large",
    mutation: set({ name: "chatpop-db-replica" }, "instanceClass", "db.t3.medium"),
    policy: "read-replica-from-5000-rooms",
    blames: replica,
    says: /db\.t3\.medium is weaker than db\.m5\.large of its source chatpop-db/,
  },
  {
    what: "a replica of a class that says nothing of its size",
    scale: "large",
    mutation: set({ name: "chatpop-db-replica" }, "instanceClass", "db.serverless"),
    policy: "read-replica-from-5000-rooms",
    blames: replica,
    says: /db\.serverless is weaker/,
  },
  {
    what: "stickiness that is off (G-5, G-55)",
    scale: "small",
    mutation: merge({ type: types.targetGroup }, "stickiness", { enabled: false }),
    policy: "sticky-sessions",
    blames: targetGroup,
    says: /the target group is not sticky/,
  },
  {
    what: "no word of stickiness (G-5, G-154)",
    scale: "medium",
    mutation: set({ type: types.targetGroup }, "stickiness", undefined),
    policy: "sticky-sessions",
    blames: targetGroup,
    says: /the target group is not sticky/,
  },
  {
    what: "stickiness for an hour (G-55)",
    scale: "large",
    mutation: merge({ type: types.targetGroup }, "stickiness", { cookieDuration: 3_600 }),
    policy: "sticky-sessions",
    blames: targetGroup,
    says: /stickiness lasts 3600 s instead of 86400 s/,
  },
  {
    what: "stickiness by an application cookie without a name (GAP-21)",
    scale: "small",
    mutation: merge({ type: types.targetGroup }, "stickiness", { cookieName: undefined }),
    policy: "sticky-sessions",
    blames: targetGroup,
    says: /names no cookie/,
  },
  {
    what: "a public database (G-45, GAP-13)",
    scale: "small",
    mutation: set({ name: "chatpop-db", type: types.database }, "publiclyAccessible", true),
    policy: "database-not-public",
    blames: database,
    says: /public address/,
  },
  {
    what: "a public replica (G-111, GAP-13)",
    scale: "large",
    mutation: set({ name: "chatpop-db-replica" }, "publiclyAccessible", true),
    policy: "database-not-public",
    blames: replica,
    says: /public address/,
  },
];

/** What is unusual and yet allowed. */
const allowances: readonly Case[] = [
  { what: "a proxy below 1,000 rooms", scale: "small", config: { databaseProxy: "true" } },
  { what: "no proxy at 999 rooms", scale: "small", config: { rooms: "999" } },
  { what: "a replica below 5,000 rooms", scale: "medium", config: { readReplicas: "1" } },
  { what: "several replicas", scale: "large", config: { readReplicas: "3" } },
  {
    what: "a replica that is stronger than its source",
    scale: "large",
    mutation: set({ name: "chatpop-db-replica" }, "instanceClass", "db.r5.large"),
  },
  { what: "the load balancer's own cookie", scale: "small", config: { stickiness: "lb_cookie" } },
  {
    what: "a duration that is left to AWS, which has the same",
    scale: "small",
    mutation: merge({ type: types.targetGroup }, "stickiness", { cookieDuration: undefined }),
  },
  {
    what: "a network load balancer's target group, which has no cookies",
    scale: "small",
    mutation: (resources) =>
      set(
        { type: types.targetGroup },
        "stickiness",
        undefined,
      )(set({ type: types.targetGroup }, "protocol", "TCP")(resources)),
  },
  {
    what: "HTTPS",
    scale: "large",
    config: {
      domain: "chat.example.com",
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
    },
  },
];

const judge = async ({ scale, config, mutation }: Case, mode: "preview" | "update") => {
  const { registrations } = await record(scale, mode, config);
  const resources = mutation ? mutation(registrations) : registrations;
  const blamed = new Map(resources.map((each) => [each.urn, label(each)]));
  return (await analyze(resources)).map((each) => ({ ...each, blames: blamed.get(each.urn) }));
};

describe("the policy pack", () => {
  for (const mode of ["preview", "update"] as const) {
    it(`has nothing to say of the program at any scale, not even that it could not tell (${mode})`, async () => {
      for (const scale of ["small", "medium", "large"] as const) {
        expect(await judge({ what: "", scale }, mode), scale).to.deep.equal([]);
      }
    });

    for (const violation of violations) {
      it(`${violation.policy} refuses ${violation.what} (${mode})`, async () => {
        const found = await judge(violation, mode);
        expect(found.map(({ policy, level }) => `${policy} ${level}`)).to.include(
          `${violation.policy} mandatory`,
        );
        for (const each of found) {
          expect(each).to.include({ policy: violation.policy, level: "mandatory" });
        }
        const [match, ...others] = found.filter(({ message }) => violation.says.test(message));
        expect(others).to.be.empty;
        expect(match?.blames).to.equal(violation.blames);
        expect(match?.message).to.match(/Remedy: ./);
      });
    }

    for (const allowance of allowances) {
      it(`allows ${allowance.what} (${mode})`, async () => {
        expect(await judge(allowance, mode)).to.deep.equal([]);
      });
    }
  }

  it("is violated here by every one of its rules", () => {
    const violated = new Set(violations.map(({ policy }) => policy));
    expect(policies.map(({ name }) => name).filter((name) => !violated.has(name))).to.be.empty;
  });

  it("tells for every rule what it enforces, which requirement, and the remedy", () => {
    for (const { name, description } of policies) {
      expect(description, name).to.match(/\((G|GAP)-\d+(, (G|GAP)-\d+)*\)\. Remedy: ./);
    }
    expect(new Set(policies.map(({ name }) => name)).size).to.equal(policies.length);
  });

  it("asks only for types that the program registers: a mistyped token would never fire", async () => {
    const root = join(__dirname, "..", "..", "policy");
    const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const tokens = sources.flatMap((file) =>
      Array.from(
        readFileSync(join(root, file), "utf8").matchAll(/"([a-z-]+:[\w/-]+:\w+)"/g),
        ([, token]) => token!,
      ),
    );
    expect(tokens).to.include.members([types.database, types.proxy, types.targetGroup, types.taskDefinition]);
    const registered = new Set<string>();
    await everywhere((recording) => recording.registrations.forEach(({ type }) => registered.add(type)));
    expect(tokens.filter((token) => !registered.has(token))).to.be.empty;
  });
});
