import { expect } from "chai";
import { alarmPublisher, deliveryFault, eventPublisher } from "../../models/delivery";
import { putKey, putTopic } from "./topics";
import { refuses, World } from "./world";

describe("kms", () => {
  const owner = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::123456789012:root" },
    Action: "kms:*",
    Resource: "*",
  };
  const policy = (...statements: object[]) =>
    JSON.stringify({ Version: "2012-10-17", Statement: statements });
  refuses("kms/key", () => ({ policy: policy(owner), enableKeyRotation: true }), [
    ["gone too soon", { deletionWindowInDays: 3 }, /deletionWindowInDays/],
    [
      "locked away from its account",
      { policy: policy({ ...owner, Principal: { Service: "sns.amazonaws.com" } }) },
      /will not allow you to update the key policy in the future/,
    ],
    [
      "with a policy that is none",
      { policy: policy({ ...owner, Effect: "Maybe" }) },
      /MalformedPolicyDocument/,
    ],
  ]);
});

describe("sns", () => {
  refuses("sns/topic", (world) => ({ name: "alerts", kmsMasterKeyId: putKey(world) }), [
    ["a name with a dot", { name: "alerts.all" }, /is not a topic's name/],
    [
      "a key that is not there",
      { kmsMasterKeyId: "12345678-0000-0000-0000-000000000000" },
      /KMSNotFoundException/,
    ],
  ]);

  it("refuses a second topic of the same name", () => {
    const world = new World();
    world.create("sns/topic", { name: "alerts" });
    expect(() => world.create("sns/topic", { name: "alerts" })).to.throw(/already exists/);
  });

  refuses(
    "sns/topicSubscription",
    (world) => ({ topic: putTopic(world), protocol: "email", endpoint: "on-call@example.com" }),
    [
      [
        "an address that is none",
        { endpoint: "on-call" },
        /Invalid parameter: the endpoint is none of protocol email/,
      ],
      [
        "http where https is said",
        { protocol: "https", endpoint: "http://example.com" },
        /none of protocol https/,
      ],
      ["a protocol that does not exist", { protocol: "slack" }, /protocol/],
      ["a topic that is not there", { topic: "arn:aws:sns:us-east-1:123456789012:elsewhere" }, /NotFound/],
    ],
  );

  it("keeps an endpoint, which may hold a key, out of its refusals", () => {
    const world = new World();
    const inputs = { topic: putTopic(world), protocol: "https", endpoint: "ftp://example.com/hunter2" };
    expect(() => world.create("sns/topicSubscription", inputs)).to.throw(/^(?!.*hunter2)/);
  });

  it("lets a topic have one policy only", () => {
    const world = new World();
    const arn = putTopic(world);
    const { policy } = world.resources.find(({ type }) => type.includes("topicPolicy"))!.inputs;
    expect(() => world.create("sns/topicPolicy", { arn, policy })).to.throw(/already exists/);
  });
});

describe("what is published to a topic", () => {
  const alarmArn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:one";
  const alarm = { service: "cloudwatch.amazonaws.com", conditional: true };
  const event = { service: "events.amazonaws.com" };
  /** Ends of an alarm's notice and of an event. */
  const faults = (world: World, topicArn: string) => ({
    alarm: deliveryFault(topicArn, alarmPublisher(alarmArn, world.context), world.context),
    event: deliveryFault(topicArn, eventPublisher, world.context),
  });

  it("arrives where topic and key let its service", () => {
    const world = new World();
    expect(faults(world, putTopic(world, undefined, putKey(world)))).to.deep.equal({
      alarm: undefined,
      event: undefined,
    });
  });

  it("arrives from alarms, but not from events, where the topic has no policy of its own", () => {
    const world = new World();
    const { alarm: fromAlarm, event: fromEvent } = faults(world, putTopic(world, []));
    expect(fromAlarm).to.equal(undefined);
    expect(fromEvent).to.match(/does not let events\.amazonaws\.com publish/);
  });

  it("is lost where the topic's policy names others", () => {
    const world = new World();
    expect(faults(world, putTopic(world, [event])).alarm).to.match(
      /does not let cloudwatch\.amazonaws\.com publish/,
    );
  });

  it("is lost with AWS's own key, which no service may use", () => {
    const world = new World();
    const { alarm: fromAlarm } = faults(world, putTopic(world, undefined, "alias/aws/sns"));
    expect(fromAlarm).to.match(/alias\/aws\/sns, which lets no service publish/);
  });

  it("is lost where the key's policy forgets the service", () => {
    const world = new World();
    const found = faults(world, putTopic(world, undefined, putKey(world, [alarm])));
    expect(found.alarm).to.equal(undefined);
    expect(found.event).to.match(/does not let events\.amazonaws\.com use it \(kms:Decrypt\)/);
  });

  it("is lost for events where key or topic set a condition: EventBridge says nothing of itself", () => {
    const conditional = [alarm, { ...event, conditional: true }];
    for (const [topic, key] of [
      [undefined, conditional],
      [conditional, undefined],
    ] as const) {
      const world = new World();
      const found = faults(world, putTopic(world, topic, putKey(world, key)));
      expect(found.alarm).to.equal(undefined);
      expect(found.event).to.match(/events\.amazonaws\.com/);
    }
  });
});
