// The network of a function: names of databases lead to this machine or nowhere; nothing else is reachable.
import http from "node:http";
import https from "node:https";
import { Socket, type NetConnectOpts, type TcpNetConnectOpts } from "node:net";
import type { Route } from "../postgres/routes";

/** Time-out of a connection without an answer (ms); in Lambda the operating system takes minutes. */
const patience = 300;

type Connect = (this: Socket, ...args: unknown[]) => Socket;

/** Redirects all connections of this process to these routes. */
export function useRoutes(routes: readonly Route[]): void {
  endTlsAt(routes.filter(({ port }) => port === 443));
  const prototype = Socket.prototype as unknown as { connect: Connect };
  const connect = prototype.connect;
  prototype.connect = function (...args) {
    const { host = "localhost", port, done } = destination(args);
    if (port === undefined || ["localhost", "127.0.0.1", "::1"].includes(host))
      return connect.apply(this, args);
    const route = routes.find((each) => each.host === host && each.port === port);
    if (route?.localPort !== undefined) {
      return connect.call(this, { host: "127.0.0.1", port: route.localPort }, ...(done ? [done] : []));
    }
    // The socket must appear to be connecting: otherwise a write fails before the reason is known.
    Object.assign(this, { connecting: true });
    const error = routes.some((each) => each.host === host)
      ? failure("ETIMEDOUT", `connect ETIMEDOUT ${host}:${port}`, "connect")
      : failure("ENOTFOUND", `getaddrinfo ENOTFOUND ${host}`, "getaddrinfo");
    setTimeout(() => this.destroy(error), error.code === "ETIMEDOUT" ? patience : 0);
    return this;
  };
}

/** Sends requests to load balancers without TLS: here they have no certificate that a client trusts. */
function endTlsAt(routes: readonly Route[]): void {
  const request = https.request.bind(https) as (...args: unknown[]) => unknown;
  https.request = ((...args: unknown[]) => {
    const [options] = args as [https.RequestOptions];
    const route = routes.find(({ host, localPort }) => host === options?.host && localPort !== undefined);
    return route ? http.request({ ...options, host: "127.0.0.1", port: route.localPort }) : request(...args);
  }) as typeof https.request;
}

/** Destination of a call of `connect`: `(options)`, `(port, host)`, `(path)`, or Node's own form, one list of these. */
function destination(args: readonly unknown[]): { host?: string; port?: number; done?: unknown } {
  if (Array.isArray(args[0])) return destination(args[0] as unknown[]);
  const done = args.find((each) => typeof each === "function");
  const [first, second] = args;
  if (typeof first === "object" && first !== null) {
    const { host, port } = first as Partial<TcpNetConnectOpts> & NetConnectOpts;
    return { ...(host ? { host } : {}), ...(port === undefined ? {} : { port: Number(port) }), done };
  }
  if (!/^\d+$/.test(String(first))) return { done };
  return { port: Number(first), ...(typeof second === "string" ? { host: second } : {}), done };
}

function failure(code: string, message: string, syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code, syscall });
}
