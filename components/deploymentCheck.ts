import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";

/** The service, and the revision that it should run. */
export interface DeploymentCheckArgs {
  /** The release's function that calls ECS. */
  readonly functionName: pulumi.Input<string>;
  /** Cluster of the service. */
  readonly clusterArn: pulumi.Input<string>;
  /** Name of the chat's or a worker's service. */
  readonly serviceName: pulumi.Input<string>;
  /** ARN of the task definition that this update registered. */
  readonly taskDefinitionArn: pulumi.Input<string>;
  /** Changes with the service's network and settings, which also make ECS deploy it. */
  readonly deployed: readonly pulumi.Input<string>[];
}

/**
 * Fails the update unless the service runs what the update registered. The provider waits for the roll-out and sees most
 * failures first; but a service that the circuit breaker has taken back is stable as well, and an update that finds it so
 * would look like a success (GAP-30).
 */
export class DeploymentCheck extends pulumi.ComponentResource {
  constructor(name: string, args: DeploymentCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:release:DeploymentCheck", name, {}, opts);
    new lambda.Invocation(
      `${name}-check-deployment`,
      {
        functionName: args.functionName,
        input: pulumi.jsonStringify({
          action: "verify",
          cluster: args.clusterArn,
          service: args.serviceName,
          taskDefinition: args.taskDefinitionArn,
          round: 1,
          rounds: 1,
        }),
        // ECS can also roll back a deployment that keeps the revision.
        triggers: { deployed: pulumi.all([...args.deployed]).apply((parts) => parts.join(" ")) },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
