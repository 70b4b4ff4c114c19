import type { World } from "../world";
import { containers, definition, web } from "../task";
import { type Case, cases } from "./case";

const task =
  (change: object, container: object = {}) =>
  (world: World) =>
    definition(world, { ...containers({ ...web, ...container }), ...change });
const distribution = {
  enabled: true,
  origins: [
    {
      originId: "chat",
      domainName: "chat.example.com",
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "https-only",
        originSslProtocols: ["TLSv1.2"],
      },
    },
  ],
  defaultCacheBehavior: {
    ...{ targetOriginId: "chat", viewerProtocolPolicy: "redirect-to-https" },
    ...{ allowedMethods: ["GET", "HEAD"], cachedMethods: ["GET", "HEAD"] },
    cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
};

export const compute: readonly Case[] = [
  ...cases(
    "ecs/taskDefinition",
    "AmazonECS/latest/developerguide/task_definition_parameters.html",
    {},
    {
      accepts: [
        ["a disk of 200 GiB", task({ ephemeralStorage: { sizeInGib: 200 } })],
        [
          "a check of the container",
          task({}, { healthCheck: { command: ["CMD-SHELL", "true"], interval: 5, retries: 1 } }),
        ],
        [
          "logs to Splunk",
          task(
            {},
            {
              logConfiguration: {
                logDriver: "splunk",
                options: { "splunk-url": "https://example.com", "splunk-token": "x" },
              },
            },
          ),
        ],
      ],
      refuses: [
        ["a disk of 20 GiB", task({ ephemeralStorage: { sizeInGib: 20 } })],
        ["a check every four seconds", task({}, { healthCheck: { command: ["CMD", "true"], interval: 4 } })],
        ["logs to Graylog", task({}, { logConfiguration: { logDriver: "gelf", options: {} } })],
        ["a farewell of more than two minutes", task({}, { stopTimeout: 121 })],
        ["half a vCPU with half a GiB", task({ cpu: "512", memory: "512" })],
        ["the host's network", task({ networkMode: "host" })],
        ["another port on the host", task({}, { portMappings: [{ containerPort: 9000, hostPort: 80 }] })],
      ],
    },
  ),
  ...cases(
    "cloudfront/distribution",
    "cloudfront/latest/APIReference/API_DistributionConfig.html",
    distribution,
    {
      accepts: [
        ["a load balancer behind it", {}],
        [
          "pages for errors",
          { customErrorResponses: [{ errorCode: 404, responseCode: 200, responsePagePath: "/index.html" }] },
        ],
        [
          "some countries",
          { restrictions: { geoRestriction: { restrictionType: "whitelist", locations: ["DE", "FR"] } } },
        ],
        [
          "another behaviour by path",
          { orderedCacheBehaviors: [{ ...distribution.defaultCacheBehavior, pathPattern: "/static/*" }] },
        ],
      ],
      refuses: [
        ["a class that there is not", { priceClass: "PriceClass_50" }],
        [
          "an origin that there is not",
          { defaultCacheBehavior: { ...distribution.defaultCacheBehavior, targetOriginId: "other" } },
        ],
        [
          "two methods that do not go together",
          { defaultCacheBehavior: { ...distribution.defaultCacheBehavior, allowedMethods: ["GET", "POST"] } },
        ],
        ["an error that has no page", { customErrorResponses: [{ errorCode: 402, errorCachingMinTtl: 10 }] }],
        ["a version of HTTP that there is not", { httpVersion: "http4" }],
      ],
    },
  ),
];
