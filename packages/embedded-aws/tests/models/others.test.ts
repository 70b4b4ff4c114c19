import { expect } from "chai";
import { models } from "../../models/registry";
import { openCloud, refusalOf, type Cloud } from "../provider/harness";
import { refuses, putRole, type World } from "./world";

const bucket = (world: World) => world.create("s3/bucket", { bucket: "chat-pages-1a2b3c4" }).id;

describe("types of programs beside the chat's own", () => {
  refuses(
    "sqs/queue",
    () => ({
      name: "work",
      visibilityTimeoutSeconds: 60,
      redrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:210987654321:x","maxReceiveCount":5}',
    }),
    [
      ["a FIFO name without fifo", { name: "work.fifo" }, /ends in \.fifo/],
      ["13 hours of invisibility", { visibilityTimeoutSeconds: 46_800 }, /visibilityTimeoutSeconds/],
      [
        "a dead letter queue that is not there",
        {
          redrivePolicy:
            '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dead","maxReceiveCount":5}',
        },
        /Dead letter target does not exist/,
      ],
    ],
  );
  const key = { hashKey: "id", attributes: [{ name: "id", type: "S" }] };
  refuses("dynamodb/table", () => ({ name: "rooms", billingMode: "PAY_PER_REQUEST", ...key }), [
    ["a key that is not defined", { rangeKey: "at" }, /all attributes must be indexed/],
    ["capacity on demand", { readCapacity: 5 }, /Neither ReadCapacityUnits/],
    ["provisioned without capacity", { billingMode: "PROVISIONED" }, /needs readCapacity/],
  ]);
  refuses("ssm/parameter", () => ({ name: "/chat/url", type: "String", value: "x" }), [
    ["a reserved name", { name: "/aws/x" }, /cannot begin with aws/],
    ["a long value", { value: "x".repeat(4097) }, /4096 characters/],
    ["no value", { value: undefined }, /give value/],
  ]);
  refuses("s3/bucketObjectv2", (world) => ({ bucket: bucket(world), key: "index.html", content: "<p>" }), [
    ["a bucket that does not exist", { bucket: "none" }, /NoSuchBucket/],
    ["two bodies", { contentBase64: "eA==" }, /give one of content/],
    ["access rights where the owner owns everything", { acl: "private" }, /AccessControlListNotSupported/],
  ]);
  refuses(
    "s3/bucketWebsiteConfiguration",
    (world) => ({ bucket: bucket(world), indexDocument: { suffix: "index.html" } }),
    [
      ["a slash in the index document", { indexDocument: { suffix: "a/index.html" } }, /cannot contain/],
      ["an index and a redirect", { redirectAllRequestsTo: { hostName: "x" } }, /exactly one/],
    ],
  );
  refuses(
    "ec2/instance",
    () => ({ ami: "ami-0123456789abcdef0", instanceType: "t3.micro", subnetId: "subnet-0000000a" }),
    [
      ["no image", { ami: undefined }, /give ami/],
      ["a type that is none", { instanceType: "t3.tinyish" }, /not an instance type/],
      ["a subnet that does not exist", { subnetId: "subnet-0000000f" }, /InvalidSubnetID\.NotFound/],
    ],
  );
  refuses(
    "elasticache/cluster",
    () => ({ clusterId: "cache", engine: "redis", nodeType: "cache.t3.micro", numCacheNodes: 1 }),
    [
      ["two nodes of Redis", { numCacheNodes: 2 }, /does not support num_cache_nodes > 1/],
      ["Redis 7.2", { engineVersion: "7.2" }, /Cannot find version/],
    ],
  );
  refuses(
    "iam/instanceProfile",
    (world) => (putRole(world, "web", "ec2.amazonaws.com"), { name: "web", role: "web" }),
    [["a role that does not exist", { role: "none" }, /NoSuchEntity/]],
  );
  refuses("route53/zone", () => ({ name: "chat.example.org" }), [
    ["no name", { name: undefined }, /needs a name/],
  ]);
  refuses(
    "cloudfront/function",
    () => ({ name: "rewrite", runtime: "cloudfront-js-2.0", code: "function handler(e) {}" }),
    [["another runtime", { runtime: "nodejs22.x" }, /runtime/]],
  );

  const none = { cookieBehavior: "none" };
  const inKey = {
    cookiesConfig: none,
    headersConfig: { headerBehavior: "none" },
    queryStringsConfig: { queryStringBehavior: "all" },
  };
  refuses(
    "cloudfront/cachePolicy",
    () => ({ name: "pages", parametersInCacheKeyAndForwardedToOrigin: inKey }),
    [
      [
        "a default above the most",
        { defaultTtl: 100, maxTtl: 10 },
        /in the order minTtl, defaultTtl, maxTtl/,
      ],
      [
        "a behavior that there is not",
        { parametersInCacheKeyAndForwardedToOrigin: { ...inKey, cookiesConfig: { cookieBehavior: "some" } } },
        /cookieBehavior/,
      ],
    ],
  );
  refuses("cloudfront/originAccessIdentity", () => ({ comment: "pages" }), [
    ["a long comment", { comment: "x".repeat(129) }, /comment/],
  ]);
  const pull = (more: object = {}) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:*", ...more }],
    });
  refuses(
    "ecr/repositoryPolicy",
    (world) => (world.create("ecr/repository", { name: "chat" }), { repository: "chat", policy: pull() }),
    [
      ["a repository that does not exist", { repository: "none" }, /RepositoryNotFoundException/],
      ["a resource in its policy", { policy: pull({ Resource: "*" }) }, /it has no Resource/],
    ],
  );
  refuses(
    "lambda/permission",
    (world) => {
      world.put("aws:lambda/function:Function", "resize", { name: "resize" });
      return {
        ...{ statementId: "events", action: "lambda:InvokeFunction" },
        ...{ function: "resize", principal: "events.amazonaws.com" },
      };
    },
    [
      ["a function that does not exist", { function: "none" }, /Function not found: none/],
      ["another service's action", { action: "s3:GetObject" }, /an action of Lambda/],
    ],
  );
  refuses("servicediscovery/privateDnsNamespace", () => ({ name: "chat.internal", vpc: "vpc-00000001" }), [
    ["a VPC that does not exist", { vpc: "vpc-0000000f" }, /InvalidInput/],
  ]);

  refuses(
    "servicediscovery/service",
    (world) => {
      const { id } = world.create("servicediscovery/privateDnsNamespace", {
        name: "chat.internal",
        vpc: "vpc-00000001",
      });
      return { name: "web", dnsConfig: { namespaceId: id, dnsRecords: [{ ttl: 10, type: "A" }] } };
    },
    [
      [
        "a namespace that does not exist",
        { dnsConfig: { namespaceId: "ns-0", dnsRecords: [{ ttl: 10, type: "A" }] } },
        /NamespaceNotFound/,
      ],
    ],
  );
  refuses(
    "s3/bucketAcl",
    (world) => {
      const id = bucket(world);
      world.create("s3/bucketOwnershipControls", {
        bucket: id,
        rule: { objectOwnership: "BucketOwnerPreferred" },
      });
      return { bucket: id, acl: "private" };
    },
    [
      ["one for everybody", { acl: "public-read" }, /BlockPublicAcls/],
      ["a word that is none", { acl: "public" }, /acl/],
    ],
  );
  refuses("s3/bucketObject", (world) => ({ bucket: bucket(world), key: "index.html", content: "<p>" }), [
    ["upper case in its metadata", { metadata: { Author: "me" } }, /must be lowercase/],
  ]);

  for (const [alias, type] of [
    ["aws:alb/listener:Listener", "aws:lb/listener:Listener"],
    ["aws:elasticloadbalancingv2/targetGroup:TargetGroup", "aws:lb/targetGroup:TargetGroup"],
    ["aws:applicationloadbalancing/loadBalancer:LoadBalancer", "aws:lb/loadBalancer:LoadBalancer"],
    ["aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"],
    ["aws:s3/bucketVersioningV2:BucketVersioningV2", "aws:s3/bucketVersioning:BucketVersioning"],
  ] as const) {
    it(`knows ${alias} as ${type}`, () => expect(models.get(alias)?.type).to.equal(type));
  }

  describe("the default VPC", () => {
    let cloud: Cloud;
    before(async () => (cloud = await openCloud()));
    after(() => cloud.close());

    it("is there with a public subnet in each zone, for questions and resources", async () => {
      const vpc = await cloud.invoke("aws:ec2/getVpc:getVpc", { default: true });
      expect(vpc).to.include({ cidrBlock: "172.31.0.0/16" });
      const filters = [{ name: "vpc-id", values: [vpc["id"]] }];
      const { ids } = (await cloud.invoke("aws:ec2/getSubnets:getSubnets", { filters })) as { ids: string[] };
      expect(ids).to.have.length(6);
      const adopted = await cloud.create("aws:ec2/defaultVpc:DefaultVpc", "default", {});
      expect(adopted.id).to.equal(vpc["id"]);
      const group = await cloud.create("aws:ec2/securityGroup:SecurityGroup", "web", {});
      expect(group.outputs["vpcId"]).to.equal(vpc["id"]);
      await cloud.create("aws:alb/loadBalancer:LoadBalancer", "lb", {
        subnets: ids.slice(0, 2),
        securityGroups: [group.id],
      });
      expect(await refusalOf(cloud.invoke("aws:ec2/getVpc:getVpc", { id: "vpc-00000000" }))).to.match(
        /no matching EC2 VPC found/,
      );
    });
  });
});
