import { expect } from "chai";
import { habits } from "../../stacks/plan/habits";
import { reservedEnvironment } from "../../stacks/plan/rules/environment";
import { scales, taskSize } from "../../stacks/guide";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";
import { mediaDistribution } from "../signingKey";
import { container, definitions, environment, secrets } from "./container";

const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-a1B2c3`;
const instanceHost = "chatpop-db.instance.rds.amazonaws.com";
const proxyHost = "chatpop-proxy.proxy.rds.amazonaws.com";
const replicaHost = "chatpop-db-replica.instance.rds.amazonaws.com";
const https = {
  domain: "chat.example.com",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
};

describe("task definition", () => {
  it("leaves former revisions to go back to, by hand as well: ECS starts none that is deregistered", () =>
    everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.taskDefinition))
        expect(inputs["skipDestroy"]).to.be.true;
    }));

  it("is a Fargate task of 0.5 vCPU and 1 GB with its own network interface (G-12, G-57, G-155)", () =>
    everywhere((recording) => {
      expect(recording.one(types.taskDefinition, "chatpop-backend").inputs).to.deep.include({
        family: "chatpop-backend-test",
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: String(taskSize.cpu),
        memory: String(taskSize.memory),
        runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      });
    }));

  it("runs on ARM when the image was built for it", async () => {
    const recording = await record("small", "update", { architecture: "arm64" });
    expect(recording.one(types.taskDefinition, "chatpop-backend").inputs["runtimePlatform"]).to.deep.equal({
      operatingSystemFamily: "LINUX",
      cpuArchitecture: "ARM64",
    });
  });

  for (const scale of scales) {
    const host = scale === "small" ? instanceHost : proxyHost;

    it(`gives all eight plain variables at ${scale} (G-60 … G-67, G-109, G-160, G-188, G-189)`, async () => {
      expect(environment(await record(scale, "update"))).to.include({
        POSTGRES_HOST: host,
        POSTGRES_DB: "postgres",
        POSTGRES_USER: "chatpop_admin",
        POSTGRES_PORT: "5432",
        REDIS_HOST: "master.chatpop-redis.cache.amazonaws.com",
        REDIS_PORT: "6379",
        DEBUG: "False",
        ALLOWED_HOSTS: "chatpop-alb-1234567890.us-east-1.elb.amazonaws.com",
      });
    });

    it(`takes exactly two variables from Secrets Manager at ${scale} (G-68, G-69, G-188, GAP-6)`, async () => {
      expect(secrets(await record(scale, "update"))).to.deep.equal({
        POSTGRES_PASSWORD: `${secretArn("chatpop-db-password")}:password::`,
        DJANGO_SECRET_KEY: secretArn("chatpop-django-secret-key"),
      });
    });

    it(`reads the database ${scale === "small" ? "itself" : "through the proxy"} at ${scale}, as a preview shows (G-189)`, async () => {
      const recording = await record(scale, "preview");
      const task = recording.one(types.taskDefinition, "chatpop-backend");
      const sources = recording.sourcesOf(task, "containerDefinitions");
      const databases = sources.filter(
        ({ inputs, type }) => type === types.database && !("replicateSourceDb" in inputs),
      );
      const proxies = sources.filter(({ type }) => type === types.proxy);
      expect([databases.length, proxies.length]).to.deep.equal(scale === "small" ? [1, 0] : [0, 1]);
    });
  }

  it("names the replica at the large scale only (G-113)", async () => {
    for (const scale of scales) {
      const found = environment(await record(scale, "update"))["POSTGRES_REPLICA_HOST"];
      expect(found, scale).to.equal(scale === "large" ? replicaHost : undefined);
    }
  });

  it("names all replicas, for each of them takes its share (G-166)", async () => {
    const recording = await record("large", "update", { readReplicas: "2" });
    const hosts = environment(recording)["POSTGRES_REPLICA_HOST"]!.split(",");
    expect(hosts).to.have.length(2);
    expect(new Set(hosts).size).to.equal(2);
    expect(hosts).to.include(replicaHost);
  });

  it("asks for TLS to the database, which forces it (GAP-26)", async () => {
    for (const scale of scales) {
      expect(environment(await record(scale, "update"))["POSTGRES_SSLMODE"], scale).to.equal("require");
    }
  });

  it("trusts the domain's origin when there is one (GAP-14)", async () => {
    const secure = environment(await record("small", "update", https));
    expect(secure).to.include({
      CORS_ALLOWED_ORIGINS: "https://chat.example.com",
      CSRF_TRUSTED_ORIGINS: "https://chat.example.com",
      ALLOWED_HOSTS: "chatpop-alb-1234567890.us-east-1.elb.amazonaws.com,chat.example.com",
    });
    const plain = environment(await record("small", "update"));
    expect(plain).not.to.have.any.keys("CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS");
  });

  it("lets frontends in that are hosted elsewhere: to the API, the sockets, the forms, the media and the cookie", async () => {
    const frontendOrigins = '["https://www.example.org","https://app.example.net:8443"]';
    const recording = await record("small", "update", { ...https, frontendOrigins });
    const origins = "https://chat.example.com,https://www.example.org,https://app.example.net:8443";
    expect(environment(recording)).to.include({
      CORS_ALLOWED_ORIGINS: origins,
      CSRF_TRUSTED_ORIGINS: origins,
      ALLOWED_HOSTS:
        "chatpop-alb-1234567890.us-east-1.elb.amazonaws.com,chat.example.com,www.example.org,app.example.net",
      CHATPOP_SAME_SITE: "None",
    });
    const [cors] = recording.ofType("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration");
    expect(cors!.inputs).to.have.nested.property("corsRules[0].allowedOrigins").that.includes.members(["https://www.example.org"]); // prettier-ignore
    expect(environment(await record("small", "update", https))).to.not.have.property("CHATPOP_SAME_SITE");
  });

  it("reserves exactly the variables that it sets", async () => {
    const frontendOrigins = '["https://www.example.org"]';
    const shards = { cacheShards: "2" };
    const settings = { ...https, ...mediaDistribution, ...shards, frontendOrigins };
    const recording = await record("large", "update", settings);
    const names = Object.keys({ ...environment(recording), ...secrets(recording) });
    const given = Object.keys(JSON.parse(mediaDistribution.secrets) as object);
    expect(names).to.have.members([...reservedEnvironment, ...given]);
  });

  it("is one container with port 9000, many sockets and a process that reaps others (G-59, GAP-17)", () =>
    everywhere((recording, _scale, mode) => {
      if (mode === "preview") return;
      const found = container(recording);
      expect(found).to.deep.include({
        name: "chatpop-backend",
        image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop-backend-1a2b3c4:initial",
        essential: true,
        portMappings: [{ containerPort: 9000, hostPort: 9000, protocol: "tcp" }],
        ulimits: [{ name: "nofile", softLimit: 65_535, hardLimit: 65_535 }],
        linuxParameters: { initProcessEnabled: true },
        stopTimeout: 120,
      });
    }));

  it("starts the overlay's server, as Daphne as far as it carries the load (G-37, GAP-1, GAP-22, GAP-24)", async () => {
    for (const [scale, server] of [
      ["small", "daphne"],
      ["medium", "daphne"],
      ["large", "uvicorn"],
    ] as const) {
      const recording = await record(scale, "update");
      expect(container(recording).command).to.deep.equal(["python", "-m", "chatpop_aws.server"]);
      expect(environment(recording)).to.include({ CHATPOP_SERVER: server, CHANNEL_LAYER: "pubsub" });
    }
    const forced = await record("large", "update", { server: "daphne", channelLayer: "core" });
    expect(environment(forced)).to.include({ CHATPOP_SERVER: "daphne", CHANNEL_LAYER: "core" });
  });

  it("sends messages over all caches where there are several, and caches in the first (GAP-39)", async () => {
    expect(environment(await record("medium", "update"))).not.to.have.property("CHANNEL_LAYER_HOSTS");
    const several = environment(await record("medium", "update", { cacheShards: "2" }));
    expect(several).to.include({
      REDIS_HOST: "master.chatpop-redis.cache.amazonaws.com",
      CHANNEL_LAYER_HOSTS:
        "master.chatpop-redis.cache.amazonaws.com:6379,master.chatpop-redis-2.cache.amazonaws.com:6379",
    });
  });

  it("runs another image as it is named", async () => {
    const image = "ghcr.io/example/chat:2";
    expect(container(await record("small", "update", { image })).image).to.equal(image);
  });

  it("logs to its own group, which forgets after 7, 14 or 30 days (G-70, G-178, G-196, GAP-5)", () =>
    everywhere((recording, scale, mode) => {
      const group = recording.one(types.logGroup, "chatpop-backend");
      expect(group.inputs).to.include({
        namePrefix: "/ecs/chatpop-backend-",
        retentionInDays: habits[scale].logRetentionDays,
      });
      if (mode === "preview") return;
      expect(container(recording).logConfiguration).to.deep.equal({
        logDriver: "awslogs",
        options: {
          "awslogs-group": "/ecs/chatpop-backend-1a2b3c4",
          "awslogs-region": "us-east-1",
          "awslogs-stream-prefix": "ecs",
        },
      });
    }));
});

describe("container definitions", () => {
  it("are the same bytes in every run, so that nothing is deployed for nothing", async () => {
    const [first, second] = [
      await record("large", "update"),
      await record("large", "update", { rooms: "5000" }),
    ];
    expect(first).not.to.equal(second);
    expect(definitions(first)).to.equal(definitions(second));
  });

  it("do not depend on the order in which variables are written", async () => {
    const secret = secretArn("other");
    const [first, second] = await Promise.all([
      record("small", "update", {
        environment: `{"ALPHA":"1","ZULU":"2"}`,
        secrets: `{"BRAVO":"${secret}","YANKEE":"${secret}"}`,
      }),
      record("small", "update", {
        environment: `{"ZULU":"2","ALPHA":"1"}`,
        secrets: `{"YANKEE":"${secret}","BRAVO":"${secret}"}`,
      }),
    ]);
    expect(environment(first)).to.include({ ALPHA: "1", ZULU: "2" });
    expect(definitions(first)).to.equal(definitions(second));
  });

  it("write out what ECS would fill in by itself", async () => {
    expect(container(await record("small", "update"))).to.deep.include({
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    });
  });
});

describe("execution role", () => {
  const statements = (policy: unknown) => JSON.parse(policy as string).Statement as unknown[];

  it("reads exactly the listed secrets (G-58, G-68, G-69, GAP-5)", () =>
    everywhere((recording, _scale, mode) => {
      const policy = recording.one(types.rolePolicy, "chatpop-execution-secrets");
      expect(recording.namesOf(policy, "policy")).to.deep.equal([
        "chatpop-db-password",
        "chatpop-django-secret-key",
      ]);
      expect(recording.namesOf(policy, "role")).to.deep.equal(["chatpop-execution"]);
      if (mode === "preview") return;
      expect(statements(policy.inputs["policy"])).to.deep.equal([
        {
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: [secretArn("chatpop-db-password"), secretArn("chatpop-django-secret-key")],
        },
      ]);
    }));

  it("reads a further secret without the JSON key that the container takes of it", async () => {
    const arn = secretArn("stripe");
    const recording = await record("small", "update", { secrets: `{"STRIPE":"${arn}:live::"}` });
    expect(secrets(recording)["STRIPE"]).to.equal(`${arn}:live::`);
    const [statement] = statements(
      recording.one(types.rolePolicy, "chatpop-execution-secrets").inputs["policy"],
    ) as {
      Resource: string[];
    }[];
    expect(statement!.Resource).to.deep.equal([
      secretArn("chatpop-db-password"),
      secretArn("chatpop-django-secret-key"),
      arn,
    ]);
  });

  it("pulls images and writes logs by AWS's own policy", () =>
    everywhere((recording) => {
      const attachment = recording.one(types.rolePolicyAttachment, "chatpop-execution");
      expect(attachment.inputs["policyArn"]).to.equal(
        "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      );
      expect(recording.namesOf(attachment, "role")).to.deep.equal(["chatpop-execution"]);
    }));

  it("has its permissions before a task can start", () =>
    everywhere((recording) => {
      const { dependencies } = recording.one(types.taskDefinition, "chatpop-backend");
      expect(dependencies).to.include.members([
        recording.one(types.rolePolicyAttachment, "chatpop-execution").urn,
        recording.one(types.rolePolicy, "chatpop-execution-secrets").urn,
      ]);
    }));

  it("is another role than the application's (GAP-17)", () =>
    everywhere((recording) => {
      const task = recording.one(types.taskDefinition, "chatpop-backend");
      expect(recording.namesOf(task, "executionRoleArn")).to.deep.equal(["chatpop-execution"]);
      expect(recording.namesOf(task, "taskRoleArn")).to.deep.equal(["chatpop-task"]);
      const granted = [types.rolePolicy, types.rolePolicyAttachment].flatMap((type) =>
        recording.ofType(type).filter((each) => recording.namesOf(each, "role").includes("chatpop-task")),
      );
      expect(granted.map(({ name }) => name)).to.deep.equal(["chatpop-task-media"]);
      for (const name of ["chatpop-execution", "chatpop-task"]) {
        const trust = statements(recording.one(types.role, name).inputs["assumeRolePolicy"]);
        expect(trust).to.deep.equal([
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } },
        ]);
      }
    }));

  it("lets the agent of ECS Exec speak to Systems Manager, and nothing more, when it is told to", async () => {
    const name = "chatpop-task-exec";
    const policies = async (config: Record<string, string>) =>
      (await record("small", "update", config)).ofType(types.rolePolicy).filter((each) => each.name === name);
    expect(await policies({})).to.be.empty;
    const [policy] = await policies({ executeCommand: "true" });
    const { Statement } = JSON.parse(policy!.inputs["policy"] as string) as {
      Statement: { Action: string[] }[];
    };
    expect(Statement.flatMap(({ Action }) => Action)).to.have.members([
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]);
  });

  it("is another one when a secret has another value, which tasks read only when they start (G-68)", async () => {
    const versions = async (config: Record<string, string>) =>
      environment(await record("small", "update", config))["SECRET_VERSIONS"];
    const all: Record<string, string>[] = [
      {},
      { databasePasswordVersion: "2" },
      { djangoSecretKeyVersion: "2" },
    ];
    const found = await Promise.all(all.map(versions));
    expect(new Set(found).size).to.equal(all.length);
  });
});
