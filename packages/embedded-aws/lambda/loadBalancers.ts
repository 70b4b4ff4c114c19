// Load balancers as seen from the internet: the application behind one answers while its tasks run.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Resource } from "../account";
import type { Context } from "../models/model";
import type { Route } from "../postgres/routes";

/** The load balancers' names and ports, and the server behind them. */
export interface OpenLoadBalancers {
  readonly routes: readonly Route[];
  close(): Promise<void>;
}

/** Listens for every listener of an internet-facing load balancer. */
export async function openLoadBalancers(context: Context): Promise<OpenLoadBalancers> {
  const servers: Server[] = [];
  const routes: Route[] = [];
  for (const balancer of context.account.list("aws:lb/loadBalancer:LoadBalancer")) {
    if (balancer.inputs.internal === true) continue;
    for (const listener of listenersOf(balancer, context)) {
      const server = createServer((request, response) => answer(request, response, listener, context));
      server.on("upgrade", (_request, socket) => {
        // A visitor without a session of the application gets 403.
        const status = serves(listener, context) ? "403 Forbidden" : "503 Service Unavailable";
        socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      servers.push(server);
      const { port } = server.address() as AddressInfo;
      const { inputs, outputs } = { inputs: listener.inputs, outputs: balancer.outputs };
      routes.push({ host: String(outputs.dnsName), port: Number(inputs.port), localPort: port });
    }
  }
  return {
    routes,
    close: async () =>
      void (await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      )),
  };
}

const listenersOf = (balancer: Resource, { account }: Context) =>
  account
    .list("aws:lb/listener:Listener")
    .filter(({ inputs }) => inputs.loadBalancerArn === balancer.outputs.arn);

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  listener: Resource,
  context: Context,
): void {
  request.resume();
  response.writeHead(serves(listener, context) ? 200 : 503, { "content-type": "text/plain" });
  response.end();
}

/**
 * Whether the listener forwards to a service that runs; every service of the embedded AWS that is stable has healthy
 * tasks.
 */
function serves(listener: Resource, { account }: Context): boolean {
  const groups = JSON.stringify(listener.inputs.defaultActions ?? []);
  return account.list("aws:ecs/service:Service").some(({ inputs }) => {
    const [attached] = (inputs.loadBalancers ?? []) as { targetGroupArn?: string }[];
    return attached?.targetGroupArn !== undefined && groups.includes(`"${attached.targetGroupArn}"`);
  });
}
