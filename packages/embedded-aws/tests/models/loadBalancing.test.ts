import { expect } from "chai";
import type { Properties } from "../../models/model";
import { selfSigned } from "./selfSigned";
import { refuses, World } from "./world";

const subnets = ["subnet-0000000a", "subnet-0000000b"];
const balancer = {
  name: "chatpop",
  internal: false,
  subnets,
  securityGroups: ["sg-00000001"],
  idleTimeout: 55,
};
const group = {
  ...{
    name: "chatpop-tg",
    port: 9000,
    protocol: "HTTP",
    targetType: "ip",
    vpcId: "vpc-00000001",
    deregistrationDelay: 60,
  },
  healthCheck: {
    path: "/admin/login/",
    matcher: "200",
    interval: 30,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
  },
  stickiness: { type: "app_cookie", cookieName: "chatpop_affinity", cookieDuration: 86400, enabled: true },
};

describe("load balancer", () => {
  refuses("lb/loadBalancer", () => balancer, [
    ["one subnet", { subnets: ["subnet-0000000a"] }, /ValidationError.*two different Availability Zones/],
    [
      "two subnets in one zone",
      { subnets: ["subnet-0000000a", "subnet-000000a2"] },
      /same Availability Zone/,
    ],
    ["two VPCs", { subnets: ["subnet-0000000a", "subnet-0000000c"] }, /same VPC/],
    ["no subnets", { subnets: undefined }, /needs subnets/],
    ["a subnet that does not exist", { subnets: ["subnet-0000000a", "subnet-0000dead"] }, /SubnetNotFound/],
    ["an idle timeout of 0", { idleTimeout: 0 }, /1 to 4000/],
    ["an idle timeout of 4001", { idleTimeout: 4001 }, /1 to 4000/],
    [
      "the ARN of a security group",
      { securityGroups: ["arn:aws:ec2:us-east-1:123456789012:security-group/sg-00000001"] },
      /is not the id of a security group/,
    ],
    [
      "a security group of another VPC",
      { securityGroups: ["sg-00000002"] },
      /InvalidConfigurationRequest.*sg-00000002/,
    ],
    ["33 characters", { name: "a".repeat(33) }, /1 to 32/],
    ["an underscore", { name: "chat_pop" }, /letters, digits and hyphens/],
    ["a hyphen at the end", { name: "chatpop-" }, /end with a hyphen/],
    ["internal- in front", { name: "internal-chatpop" }, /internal-/],
    ["7 characters of prefix", { name: undefined, namePrefix: "chatpop" }, /1 to 6/],
    ["a client keep-alive of 10 s", { clientKeepAlive: 10 }, /clientKeepAlive/],
    ["a mode that does not exist", { xffHeaderProcessingMode: "keep" }, /xffHeaderProcessingMode/],
  ]);

  it("describes itself in AWS's formats, and guards its deletion", () => {
    const world = new World();
    const created = world.create("lb/loadBalancer", { ...balancer, enableDeletionProtection: true });
    expect(created.outputs.dnsName).to.match(/^chatpop-\d{10}\.us-east-1\.elb\.amazonaws\.com$/);
    expect(created.outputs.arnSuffix).to.match(/^app\/chatpop\/[0-9a-f]{16}$/);
    expect(created.outputs).to.include({ vpcId: "vpc-00000001", zoneId: "Z35SXDOTRQ7X7K" });
    expect(() => world.create("lb/loadBalancer", balancer)).to.throw(/DuplicateLoadBalancerName/);
    expect(() => world.remove(created)).to.throw(/OperationNotPermitted.*deletion protection/);
    world.remove(world.update(created, { enableDeletionProtection: false }));
  });
});

describe("access logs of a load balancer", () => {
  const logging = (world: World, change: Properties = {}) => {
    const bucket = world.create("s3/bucket", { bucket: "logs" }).id;
    const statement = {
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::logs/AWSLogs/123456789012/*",
      ...change,
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    world.create("s3/bucketPolicy", { bucket, policy });
    return { ...balancer, accessLogs: { bucket, enabled: true } };
  };

  it("need a bucket that lets Elastic Load Balancing write", () => {
    const world = new World();
    world.create("lb/loadBalancer", logging(world));
    for (const change of [
      { Resource: "arn:aws:s3:::logs/AWSLogs/210987654321/*" },
      { Principal: { Service: "delivery.logs.amazonaws.com" } },
      { Action: "s3:GetObject" },
      { Effect: "Deny" },
    ]) {
      const other = new World();
      const inputs = logging(other, change);
      expect(() => other.create("lb/loadBalancer", inputs), JSON.stringify(change)).to.throw(
        /InvalidConfigurationRequest: Access Denied for bucket: logs/,
      );
      other.create("lb/loadBalancer", { ...inputs, accessLogs: { bucket: "logs", enabled: false } });
    }
  });

  it("need a bucket that is encrypted with S3's own keys", () => {
    const world = new World();
    const inputs = logging(world);
    const encrypted = (sseAlgorithm: string) => ({
      bucket: "logs",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }],
    });
    const encryption = world.create("s3/bucketServerSideEncryptionConfiguration", encrypted("aws:kms"));
    expect(() => world.create("lb/loadBalancer", inputs)).to.throw(/Access Denied for bucket/);
    world.update(encryption, encrypted("AES256"));
    world.create("lb/loadBalancer", inputs);
  });
});

describe("target group (G-53 to G-55, GAP-21)", () => {
  const sticky = (change: Properties) => ({ stickiness: { ...group.stickiness, ...change } });
  const health = (change: Properties) => ({ healthCheck: { ...group.healthCheck, ...change } });
  refuses("lb/targetGroup", () => group, [
    [
      "a timeout as long as the interval",
      health({ timeout: 30 }),
      /timeout must be smaller than the interval/,
    ],
    [
      "a default timeout above a short interval",
      health({ interval: 5, timeout: undefined }),
      /smaller than the interval/,
    ],
    ["a matcher that is no code", health({ matcher: "ok" }), /HTTP codes/],
    ["a path without slash", health({ path: "admin" }), /begins with \//],
    ["a threshold of 1", health({ healthyThreshold: 1 }), /healthyThreshold/],
    ["app_cookie without a name", sticky({ cookieName: undefined }), /'app_cookie' needs cookieName/],
    ["a reserved cookie name", sticky({ cookieName: "AWSALBAPP-0" }), /reserved/],
    ["lb_cookie with a name", sticky({ type: "lb_cookie" }), /cookieName goes with type app_cookie/],
    ["the documentation's spelling", sticky({ type: "appCookie" }), /is not lb_cookie or app_cookie/],
    ["a cookie for no time", sticky({ cookieDuration: 0 }), /1 to 604800/],
    ["a cookie for eight days", sticky({ cookieDuration: 691200 }), /1 to 604800/],
    ["stickiness without cross-zone", { loadBalancingCrossZoneEnabled: "false" }, /cross-zone/],
    ["a deregistration delay of two hours", { deregistrationDelay: 7200 }, /0 to 3600/],
    ["a slow start of 10 s", { slowStart: 10 }, /30 to 900/],
    [
      "slow start with another algorithm",
      { slowStart: 60, loadBalancingAlgorithmType: "least_outstanding_requests" },
      /round_robin only/,
    ],
    ["no VPC", { vpcId: undefined }, /vpcId must be specified/],
    ["no port", { port: undefined }, /port must be specified/],
    ["no protocol", { protocol: undefined }, /protocol must be specified/],
    ["a VPC that does not exist", { vpcId: "vpc-0000dead" }, /ValidationError/],
    ["an unknown target type", { targetType: "pod" }, /targetType/],
    ["an underscore in the name", { name: "chat_pop" }, /hyphens/],
  ]);

  it("is named by its ARN's end, once", () => {
    const world = new World();
    expect(world.create("lb/targetGroup", group).outputs.arnSuffix).to.match(
      /^targetgroup\/chatpop-tg\/[0-9a-f]{16}$/,
    );
    expect(() => world.create("lb/targetGroup", group)).to.throw(/DuplicateTargetGroupName/);
  });
});

const imported = selfSigned("chat.example.com");

describe("listener", () => {
  function prepare(world: World): Properties {
    const target = world.create("lb/targetGroup", group);
    const certificate = world.create("acm/certificate", imported);
    return {
      loadBalancerArn: world.create("lb/loadBalancer", balancer).id,
      port: 443,
      protocol: "HTTPS",
      certificateArn: certificate.id,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      defaultActions: [{ type: "forward", targetGroupArn: target.id }],
    };
  }
  const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
  const unknown = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0000000000000000";
  refuses("lb/listener", prepare, [
    [
      "HTTPS without a certificate",
      { certificateArn: undefined },
      /A certificate must be specified for HTTPS/,
    ],
    ["HTTP with a certificate", { protocol: "HTTP", sslPolicy: undefined }, /goes with protocol HTTPS only/],
    [
      "a certificate that does not exist",
      { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/none" },
      /CertificateNotFound/,
    ],
    [
      "an unknown SSL policy",
      { sslPolicy: "ELBSecurityPolicy-TLS14" },
      /SSL policy 'ELBSecurityPolicy-TLS14' not found/,
    ],
    [
      "a target group that does not exist",
      { defaultActions: [{ type: "forward", targetGroupArn: unknown }] },
      /TargetGroupNotFound/,
    ],
    [
      "a load balancer that does not exist",
      { loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/none/0" },
      /LoadBalancerNotFound/,
    ],
    ["a forward to nowhere", { defaultActions: [{ type: "forward" }] }, /needs targetGroupArn or forward/],
    ["a redirect without where", { defaultActions: [{ type: "redirect" }] }, /needs redirect/],
    [
      "a redirect to itself",
      { defaultActions: [{ type: "redirect", redirect: { statusCode: "HTTP_301" } }] },
      /creates a loop/,
    ],
    [
      "a redirect with another code",
      { defaultActions: [{ type: "redirect", redirect: { ...redirect, statusCode: "301" } }] },
      /statusCode/,
    ],
    [
      "a fixed response without its content",
      { defaultActions: [{ type: "fixed-response" }] },
      /needs fixedResponse/,
    ],
    ["no action", { defaultActions: [] }, /defaultActions/],
    ["no port", { port: undefined }, /needs a port/],
    ["TCP", { protocol: "TCP" }, /protocol/],
  ]);

  it("refuses a certificate of another region, or one that is not proved", () => {
    const world = new World();
    const inputs = prepare(world);
    const elsewhere = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
    world.put("aws:acm/certificate:Certificate", elsewhere, { arn: elsewhere, status: "ISSUED" });
    expect(() => world.create("lb/listener", { ...inputs, certificateArn: elsewhere })).to.throw(
      /it is in eu-west-1, the listener in us-east-1/,
    );
    const pending = world.create("acm/certificate", {
      domainName: "chat.example.com",
      validationMethod: "DNS",
    });
    expect(() => world.create("lb/listener", { ...inputs, certificateArn: pending.id })).to.throw(
      /UnsupportedCertificate/,
    );
  });

  it("takes a port once, and holds its target group and certificate", () => {
    const world = new World();
    const inputs = prepare(world);
    const created = world.create("lb/listener", inputs);
    expect(() => world.create("lb/listener", inputs)).to.throw(/DuplicateListener/);
    const named = (type: string) => world.resources.find((each) => each.type === type)!;
    expect(() => world.remove(named("aws:lb/targetGroup:TargetGroup"))).to.throw(/ResourceInUse/);
    expect(() => world.remove(named("aws:acm/certificate:Certificate"))).to.throw(/ResourceInUseException/);
    world.create("lb/listener", {
      ...inputs,
      port: 80,
      protocol: "HTTP",
      certificateArn: undefined,
      sslPolicy: undefined,
      defaultActions: [{ type: "redirect", redirect }],
    });
    world.remove(created);
    world.remove(named("aws:lb/targetGroup:TargetGroup"));
  });

  it("refuses a target group of another VPC or of another load balancer", () => {
    const world = new World();
    const inputs = prepare(world);
    const foreign = world.create("lb/targetGroup", { ...group, name: "foreign", vpcId: "vpc-00000002" });
    expect(() =>
      world.create("lb/listener", {
        ...inputs,
        defaultActions: [{ type: "forward", targetGroupArn: foreign.id }],
      }),
    ).to.throw(/InvalidConfigurationRequest.*vpc-00000002/);
    world.create("lb/listener", inputs);
    const second = world.create("lb/loadBalancer", { ...balancer, name: "second" });
    expect(() => world.create("lb/listener", { ...inputs, loadBalancerArn: second.id })).to.throw(
      /TargetGroupAssociationLimit/,
    );
  });

  describe("rule", () => {
    const conditions = [{ pathPattern: { values: ["/ws/*"] } }];
    const withListener = (world: World) => {
      const inputs = prepare(world);
      return {
        listenerArn: world.create("lb/listener", inputs).id,
        priority: 10,
        conditions,
        actions: inputs.defaultActions,
      };
    };
    refuses("lb/listenerRule", withListener, [
      [
        "a listener that does not exist",
        { listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/none/0/0" },
        /ListenerNotFound/,
      ],
      ["a priority out of range", { priority: 50001 }, /priority/],
      ["no condition", { conditions: [] }, /conditions/],
      [
        "a condition of two kinds",
        { conditions: [{ ...conditions[0], hostHeader: { values: ["a"] } }] },
        /exactly one thing/,
      ],
      [
        "a target group that does not exist",
        { actions: [{ type: "forward", targetGroupArn: unknown }] },
        /TargetGroupNotFound/,
      ],
    ]);
    it("takes a priority once", () => {
      const world = new World();
      const inputs = withListener(world);
      world.create("lb/listenerRule", inputs);
      expect(() => world.create("lb/listenerRule", inputs)).to.throw(/PriorityInUse/);
    });
  });
});
