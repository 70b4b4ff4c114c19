// Host names of databases, and their reachability.
import type { Resource } from "../account";
import type { Context } from "../models/model";
import { vpcsOf } from "../models/placement";
import { reaches, type Place } from "../models/reachability";
import { healthOf, placeOfInstance, placeOfProxy } from "../models/rdsProxyTargets";
import { acquire, type Lease } from "./instances";

/** A name and port of a database, as seen from one place in the network. */
export interface Route {
  readonly host: string;
  readonly port: number;
  /** Port on this machine; absent if the network blocks the way. */
  readonly localPort?: number;
}

/** The routes that are open, and the servers behind them. */
export interface OpenRoutes {
  readonly routes: readonly Route[];
  /** The servers' certificates (PEM). */
  readonly certificates: readonly string[];
  close(): Promise<void>;
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly place: Place;
  /** The instance with the data; absent if none is registered behind the name. */
  readonly instance?: Resource;
}

const instanceType = "aws:rds/instance:Instance";

/**
 * Starts the server of every database that `from` can reach; outside of all VPCs it reaches none. `wanted` limits the
 * host names to those in use.
 */
export async function openRoutes(
  from: Place | undefined,
  context: Context,
  wanted: (host: string) => boolean = () => true,
): Promise<OpenRoutes> {
  const leases: Lease[] = [];
  const close = async () => void (await Promise.all(leases.map((lease) => lease.release())));
  try {
    const routes: Route[] = [];
    for (const endpoint of endpoints(context).filter(({ host }) => wanted(host))) {
      const { host, port, instance } = endpoint;
      if (instance === undefined || from === undefined || !connects(from, endpoint, context)) {
        routes.push({ host, port });
        continue;
      }
      const lease = await acquire(instance, context);
      leases.push(lease);
      routes.push({ host, port, localPort: lease.port });
    }
    return { routes, certificates: leases.map(({ certificate }) => certificate), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function connects(from: Place, { place, port }: Endpoint, context: Context): boolean {
  const [own] = vpcsOf(from.subnets, context);
  return (
    own !== undefined && own === vpcsOf(place.subnets, context)[0] && reaches(from, place, port, context)
  );
}

function endpoints(context: Context): Endpoint[] {
  const { account } = context;
  const instances = account.list(instanceType).map((resource) => {
    const { address, port } = resource.outputs;
    return {
      host: String(address),
      port: Number(port),
      place: placeOfInstance(resource, context),
      instance: primaryOf(resource, context),
    };
  });
  const proxies = account.list("aws:rds/proxy:Proxy").map((proxy) => {
    const { outputs } = proxy;
    const place = placeOfProxy(proxy);
    const target = account.find("aws:rds/proxyTarget:ProxyTarget", "dbProxyName", outputs.name);
    const instance = account.find(instanceType, "identifier", target?.outputs.dbInstanceIdentifier);
    const port = Number(instance?.outputs.port ?? 5432);
    const through = target && healthOf(target, context).state === "AVAILABLE";
    return { host: String(outputs.endpoint), port, place, ...(through ? { instance } : {}) };
  });
  return [...instances, ...proxies];
}

/** The instance whose data a replica shows: its source. */
function primaryOf(instance: Resource, context: Context): Resource {
  const source = instance.inputs.replicateSourceDb;
  if (typeof source !== "string") return instance;
  return context.account.find(instanceType, "identifier", source.split(":").pop()) ?? instance;
}
