import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { ReleasePlan } from "../stacks/plan/decisions";
import type { LoadBalancer } from "./loadBalancer";

/** What is asked for, where, and after which deployment. */
export interface SmokeTestArgs {
  /** Paths of the request and of the WebSocket. */
  readonly plan: NonNullable<ReleasePlan["smokeTest"]>;
  /** The release's function outside the VPC, which comes from the internet as users do. */
  readonly functionName: pulumi.Input<string>;
  /** The entrance. */
  readonly loadBalancer: LoadBalancer;
  /** Host name that users open. @default the load balancer's own */
  readonly domain?: string;
  /** ARN of the task definition that this update registered; another one is tested anew. */
  readonly taskDefinitionArn: pulumi.Input<string>;
  /** What else of the service makes ECS deploy it anew. */
  readonly deployed: readonly pulumi.Input<string>[];
  /** The check that the new tasks are the ones that run. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Fails the update unless the chat answers as it should through the load balancer: the health check asks no database. */
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
