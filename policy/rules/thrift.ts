import { guide } from "../../stacks/guide";
import { chatRule } from "../chatRule";
import { leave } from "../mends";
import { stackRule } from "../rule";
import { capacityProviders } from "../scaling";
import { number } from "../settings";
import { types } from "../../aws/types";
import { asText, findingIn, judged, known } from "../values";

export const spotForWorkersOnly = chatRule(
  {
    name: "spot-for-workers-only",
    of: "chatServices",
    description: "Tasks with sockets never run on Spot, which takes them away at two minutes' notice",
    severity: "high",
    requirements: ["G-175"],
    remedy: 'capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }]',
  },
  [
    (properties) =>
      judged(
        findingIn(
          capacityProviders(properties),
          ({ capacityProvider = "", weight = 0 }) =>
            /SPOT/.test(capacityProvider) && weight > 0 && "a service behind the load balancer runs on Spot",
        ),
      ),
  ],
);

export const natGatewaysForScale = stackRule(
  {
    name: "nat-gateways-for-scale",
    description: "Below 1,000 rooms there is no NAT gateway for each zone",
    severity: "low",
    // A matter of money only, which the scale's name and `availability` may decide otherwise.
    level: "advisory",
    requirements: ["GAP-46"],
    remedy: "one aws.ec2.NatGateway for all zones, or none",
    mends: [leave("egress")],
    settings: { most: number(1, "Most NAT gateways of a small stack.") },
  },
  function* (stack, { most }) {
    if (!stack.staysBelow(guide.medium.rooms)) return;
    const count = stack.ofType(types.natGateway).length;
    if (count === 0) return;
    yield* stack.judge(
      undefined,
      () => count > most && `${count} NAT gateways for ${stack.rooms().toLocaleString("en")} rooms`,
    );
  },
);

export const storageWithoutNat = stackRule(
  {
    name: "s3-endpoint",
    description: "Image layers come from S3 through a free endpoint, not through a NAT gateway",
    severity: "low",
    requirements: ["GAP-46"],
    remedy: 'an aws.ec2.VpcEndpoint of type Gateway for "com.amazonaws.<region>.s3"',
  },
  function* (stack) {
    const isS3 = (service: unknown) => service === undefined || /\.s3$/.test(asText(service));
    const endpoints = stack
      .ofType(types.vpcEndpoint)
      .filter((each) => (known(() => each.props["vpcEndpointType"]) ?? "Gateway") === "Gateway")
      .filter((each) => isS3(known(() => each.props["serviceName"])));
    if (stack.ofType(types.natGateway).length === 0) return;
    yield* stack.judge(
      undefined,
      () => endpoints.length === 0 && "every image is pulled, and paid for, through the NAT gateway",
    );
  },
);

export const imagesExpire = stackRule(
  {
    name: "images-expire",
    description: "A repository forgets old images",
    severity: "low",
    requirements: ["G-40"],
    remedy: "an aws.ecr.LifecyclePolicy with this repository",
    publicChecks: ["ECR.3"],
  },
  function* (stack) {
    for (const repository of stack.ofType(types.repository)) {
      const policies = stack.madeOf(repository, types.lifecyclePolicy, "repository");
      yield* stack.judge(repository, () => policies.length === 0 && "keeps every image for ever");
    }
  },
);
