import type { Server } from "node:http";

/** As many as can ask at once; more are closed at once. */
const MOST_CONNECTIONS = 512;
/** Who has not said by then what he wants is closed; a request is a line and a few headers. In milliseconds. */
export const REQUEST_MS = 5000;
/** After so many milliseconds a server that could not listen tries again. */
export const RETRY_MS = 1000;

/** What a server that strangers ask is made with. */
export const LIMITS = {
  headersTimeout: REQUEST_MS,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: REQUEST_MS,
  connectionsCheckingInterval: REQUEST_MS,
};

/** Bounds what strangers can hold open. */
export function bound(server: Pick<Server, "maxConnections" | "timeout">): void {
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = REQUEST_MS;
}
