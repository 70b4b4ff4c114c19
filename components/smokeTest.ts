import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { ReleasePlan } from "../stacks/plan/decisions";
import type { LoadBalancer } from "./loadBalancer";

/** The requests, their address, and the deployment before them. */
export interface SmokeTestArgs {
  /** Paths of the request and of the WebSocket. */
  readonly plan: NonNullable<ReleasePlan["smokeTest"]>;
  /** The release's function outside the VPC: it uses the internet, as users do. */
  readonly functionName: pulumi.Input<string>;
  /** Load balancer of the chat. */
  readonly loadBalancer: LoadBalancer;
  /** Host name that users open. @default the load balancer's own */
  readonly domain?: string;
  /** ARN of the task definition that this update registered. Another one repeats the test. */
  readonly taskDefinitionArn: pulumi.Input<string>;
  /** Changes with the other settings that make ECS deploy the service. */
  readonly deployed: readonly pulumi.Input<string>[];
  /** Check that the service runs the new tasks. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Fails the update unless the chat answers through the load balancer: ECS's health check does not use the database. */
export class SmokeTest extends pulumi.ComponentResource {
  constructor(name: string, args: SmokeTestArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:release:SmokeTest", name, {}, opts);
    new lambda.Invocation(
      `${name}-smoke-test`,
      {
        functionName: args.functionName,
        input: pulumi.jsonStringify({
          action: "smoke test",
          loadBalancer: args.loadBalancer.dnsName,
          ...(args.domain !== undefined && { domain: args.domain }),
          ...args.plan,
        }),
        triggers: {
          deployed: pulumi.all([args.taskDefinitionArn, ...args.deployed]).apply((parts) => parts.join(" ")),
        },
      },
      { parent: this, dependsOn: [...args.dependsOn] },
    );
    this.registerOutputs({});
  }
}
