import type { Certificate } from "@pulumi/aws/acm";
import type { TargetGroup } from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { type Inputs, type Mutant, parameter, set } from "./mutant";

/** Mistakes that take an RDS Proxy, NAT gateways or more rooms. */
export const medium: readonly Mutant[] = [
  {
    resource: ["Listener", "chatpop-http"],
    change: set({
      defaultActions: [
        { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200" } },
      ],
    }),
    breaks: ["http-redirects"],
  },
  {
    resource: ["Listener", "chatpop-https"],
    change: (inputs, seen) => ({
      ...inputs,
      sslPolicy: "ELBSecurityPolicy-2016-08",
      certificateArn: (seen.get("Certificate chatpop-certificate") as unknown as Certificate).arn,
    }),
    breaks: ["certificate-issued", "listener-tls"],
  },
  {
    resource: ["Record", "chatpop-domain"],
    change: set({
      aliases: [
        {
          name: "chatpop.us-east-1.elb.amazonaws.com",
          zoneId: "Z35SXDOTRQ7X7K",
          evaluateTargetHealth: false,
        },
      ],
    }),
    breaks: ["alias-follows-target"],
  },
  {
    resource: ["ParameterGroup", "chatpop-db"],
    change: parameter("shared_buffers", "1048576"),
    breaks: ["database-parameter-units"],
  },
  {
    resource: ["Instance", "chatpop-db"],
    change: set({ deletionProtection: false }),
    breaks: ["database-survives-mistakes"],
  },
  {
    resource: ["ReplicationGroup", "chatpop-redis"],
    change: set({ nodeType: "cache.t3.micro" }),
    breaks: ["cache-size-for-connections", "cache-size-for-scale"],
  },
  {
    resource: ["Target", "chatpop-backend"],
    change: set({ maxCapacity: 60 }),
    breaks: ["database-connections-for-tasks@Instance chatpop-db"],
  },
  {
    resource: ["Policy", "chatpop-connections"],
    change: (inputs, seen) => {
      const { arnSuffix } = seen.get("TargetGroup chatpop-tg") as unknown as TargetGroup;
      return {
        ...inputs,
        targetTrackingScalingPolicyConfiguration: {
          customizedMetricSpecification: {
            namespace: "AWS/ApplicationELB",
            metricName: "ActiveConnectionCount",
            statistic: "Sum",
            dimensions: [{ name: "TargetGroup", value: arnSuffix }],
          },
          targetValue: 1_750,
          disableScaleIn: true,
        },
      };
    },
    breaks: ["connection-scale-in", "connection-scaling-from-1000-rooms"],
  },
  {
    resource: ["Bucket", "chatpop-media"],
    change: set({ forceDestroy: true }),
    breaks: ["media-survive-mistakes"],
  },
  {
    resource: ["Distribution", "chatpop-media"],
    change: (inputs) => {
      const { trustedKeyGroups: _, ...behavior } = inputs["defaultCacheBehavior"] as Inputs;
      return {
        ...inputs,
        defaultCacheBehavior: { ...behavior, viewerProtocolPolicy: "allow-all" },
        viewerCertificate: {
          acmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1",
        },
      };
    },
    breaks: ["distribution-https", "distribution-tls", "media-through-signed-urls"],
  },
  {
    resource: ["BucketOwnershipControls", "chatpop-media"],
    change: set({ rule: { objectOwnership: "BucketOwnerEnforced" } }),
    breaks: ["media-take-acls"],
  },
  {
    resource: ["RolePolicy", "chatpop-task-media"],
    change: set({
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::*"] }],
      }),
    }),
    breaks: ["media-permissions-named", "no-wildcard-permissions"],
  },
  {
    resource: ["Proxy", "chatpop-proxy"],
    change: set({ requireTls: false, idleClientTimeout: 18 }),
    breaks: ["proxy-quiet", "proxy-tls"],
  },
  {
    resource: ["ProxyDefaultTargetGroup", "chatpop-proxy"],
    change: set({ connectionPoolConfig: { maxConnectionsPercent: 5, maxIdleConnectionsPercent: 5 } }),
    breaks: ["proxy-pool"],
  },
  {
    resource: ["BucketCorsConfiguration", "chatpop-media"],
    change: set({ corsRules: [{ allowedMethods: ["GET", "PUT"], allowedOrigins: ["*"] }] }),
    breaks: ["bucket-cors-named"],
  },
  {
    resource: ["Key", "chatpop-alerts"],
    change: set({ enableKeyRotation: false }),
    breaks: ["keys-rotate"],
  },
  {
    resource: ["Service", "chatpop-backend-service"],
    change: set({ deploymentMaximumPercent: 149 }),
    breaks: ["deployment-can-begin"],
  },
  {
    resource: ["LoadBalancer", "chatpop-alb"],
    change: set({ enableDeletionProtection: false, internal: true }),
    breaks: ["load-balancer-reachable", "stack-survives-mistakes"],
  },
  {
    resource: ["LifecyclePolicy", "chatpop-backend"],
    change: (inputs) => ({
      ...inputs,
      policy: String(inputs["policy"]).replace('"countNumber":100', '"countNumber":1'),
    }),
    breaks: ["images-stay-for-rollback"],
  },
  {
    resource: ["BucketLifecycleConfiguration", "chatpop-media"],
    change: (inputs) => ({
      ...inputs,
      rules: [
        ...(inputs["rules"] as Inputs[]),
        { id: "all", status: "Enabled", filter: { prefix: "" }, expiration: { days: 90 } },
      ],
    }),
    breaks: ["media-stay"],
  },
  {
    resource: ["BucketPolicy", "chatpop-media"],
    change: set({
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    }),
    breaks: ["bucket-policy-named"],
  },
  {
    resource: ["TopicPolicy", "chatpop-alerts"],
    change: set({
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: "*",
          },
        ],
      }),
    }),
    breaks: ["notices-arrive"],
  },
  {
    resource: ["TaskDefinition", "chatpop-backend"],
    change: set({ executionRoleArn: undefined }),
    breaks: ["tasks-pull-their-image"],
  },
  {
    resource: ["Invocation", "chatpop-build-indexes"],
    change: set({ triggers: undefined }),
    breaks: ["release-steps-run-again"],
  },
  {
    resource: ["SecretVersion", "chatpop-db-password"],
    change: set({ secretString: "hunter2" }),
    breaks: ["proxy-secret-json", "secrets-drawn"],
  },
  {
    resource: ["Route", "chatpop-private-1-internet"],
    change: ({ natGatewayId: _, ...inputs }, seen) => ({
      ...inputs,
      gatewayId: (seen.get("InternetGateway chatpop") as pulumi.CustomResource).id,
    }),
    breaks: [
      "data-in-private-subnets@SubnetGroup chatpop-db",
      "data-in-private-subnets@SubnetGroup chatpop-redis",
    ],
  },
  {
    resource: ["VpcEndpoint", "chatpop-s3"],
    change: set({ serviceName: "com.amazonaws.us-east-1.dynamodb" }),
    breaks: ["s3-endpoint@Stack chatpop-medium"],
  },
  {
    resource: ["Invocation", "chatpop-build-indexes-await-3"],
    change: (_inputs, seen) => ({
      ..._inputs,
      input: pulumi.jsonStringify({
        host: (seen.get("Proxy chatpop-proxy") as unknown as { endpoint: pulumi.Output<string> }).endpoint,
      }),
    }),
    breaks: ["release-past-proxy"],
  },
];
