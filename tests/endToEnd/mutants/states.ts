import * as pulumi from "@pulumi/pulumi";
import { nameOf } from "./index";
import { type Inputs, set } from "./mutant";

/** A change of what the real program registers, by resource. */
type Mistake = Readonly<
  Record<
    string,
    {
      readonly change?: (inputs: Inputs, seen: ReadonlyMap<string, pulumi.Resource>) => Inputs;
      readonly options?:
        | pulumi.CustomResourceOptions
        | ((coming: (resource: string) => Promise<pulumi.Resource>) => pulumi.CustomResourceOptions);
    }
  >
>;

/** The occasion of an invocation as a text that no release changes. */
const sameOccasion = (inputs: Inputs): Inputs => {
  const { variables } = inputs["environment"] as { variables: object };
  return { ...inputs, environment: { variables: { ...variables, OCCASION: "always the same" } } };
};

/** Programs that wait for nothing, one for each of the states that AWS's services go through by themselves. */
const mistakes: Readonly<Record<string, Mistake>> = {
  "the storage grows with the scale": {
    "Instance chatpop-db": {
      change: set({ allocatedStorage: 100 }),
      options: { ignoreChanges: ["snapshotIdentifier"] },
    },
  },
  "nothing wakes the functions": {
    "Function chatpop-release": { change: sameOccasion },
    "Function chatpop-indexes": { change: sameOccasion },
  },
  "the listener takes the certificate that is asked for": {
    "Listener chatpop-https": {
      change: (inputs, seen) => ({
        ...inputs,
        certificateArn: (seen.get("Certificate chatpop-certificate") as unknown as { arn: unknown }).arn,
      }),
      // While the release runs, a certificate is issued.
      options: { dependsOn: [] },
    },
    // In simulated time it is issued as soon as its record is there.
    "Record chatpop-certificate": {
      options: (coming) => ({ dependsOn: coming("Listener chatpop-https") }),
    },
  },
  "the cache changes in its maintenance window": {
    "ReplicationGroup chatpop-redis": { change: set({ applyImmediately: false }) },
  },
  "the NAT gateway does not wait for the internet gateway": {
    "NatGateway chatpop-nat-1": {
      change: (inputs, seen) => ({
        ...inputs,
        subnetId: (seen.get("Subnet chatpop-public-1") as pulumi.CustomResource).id,
      }),
    },
    // The order that the program then leaves to chance.
    "InternetGateway chatpop": {
      options: (coming) => ({ dependsOn: coming("NatGateway chatpop-nat-1") }),
    },
  },
  "the deployment has no room": {
    "Service chatpop-backend-service": { change: set({ deploymentMaximumPercent: 134 }) },
  },
  "the database does not let the proxy in": {
    "SecurityGroupIngressRule chatpop-proxy-to-db": { change: set({ fromPort: 5433, toPort: 5433 }) },
  },
};

/** Makes a mistake in the program that runs. */
export function make(name: string): void {
  const mistake = mistakes[name];
  if (!mistake) throw new Error(`${name} is none of ${Object.keys(mistakes).join(", ")}`);
  const seen = new Map<string, pulumi.Resource>();
  const waiting = new Map<string, (resource: pulumi.Resource) => void>();
  const coming = (resource: string) =>
    new Promise<pulumi.Resource>((resolve) => waiting.set(resource, resolve));
  pulumi.runtime.registerStackTransformation(({ resource, type, name: own, props, opts }) => {
    const key = nameOf(type, own);
    seen.set(key, resource);
    waiting.get(key)?.(resource);
    if (!mistake[key]) return undefined;
    const { change, options = {} } = mistake[key];
    return {
      props: change ? change(props as Inputs, seen) : props,
      opts: { ...opts, ...(typeof options === "function" ? options(coming) : options) },
    };
  });
}
