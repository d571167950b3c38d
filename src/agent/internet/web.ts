import { createServer, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

import type { InternetConfig } from "../../core/model/internet/config.ts";
import { parseIp6 } from "../../core/model/ip6.ts";
import { providerOf } from "../../core/render/internet/sources.ts";
import { log } from "../log.ts";
import { bound, LIMITS, RETRY_MS } from "./http-limits.ts";

const PORT = 80;
/** Of one customer: nobody needs so many at once, and nobody else is shut out by him. */
const MOST_OF_ONE = 64;
/** A home has a /56 (RFC 6177). */
const HOME_BITS = 56n;

/** The page that tells a client its source address and the provider that it came through. */
export class Web {
  #server: Server;
  #config: () => InternetConfig;
  /** Connections by the client's home. */
  readonly #open = new Map<string, number>();

  readonly #port: number;
  readonly #host: string;

  /** `host` is where it listens: every IPv6 address, unless it is another one. */
  constructor(config: () => InternetConfig, { port = PORT, host = "::" } = {}) {
    this.#config = config;
    this.#port = port;
    this.#host = host;
    this.#server = createServer(LIMITS, (request, response) => {
      const address = (request.socket.remoteAddress ?? "").replace(/%.*$/, "");
      const provider = providerOf(this.#config(), address) ?? null;
      const path = (request.url ?? "/").split("?")[0];
      if (request.method !== "GET" && request.method !== "HEAD") {
        reply(response, 405, "text/plain", "only GET\n");
      } else if (path === "/") {
        const through = provider === null ? "no provider of this lab" : provider;
        reply(response, 200, "text/plain", `You are ${address} through ${through}\n`);
      } else if (path === "/json") {
        const answer = { address, port: request.socket.remotePort ?? 0, provider };
        reply(response, 200, "application/json", `${JSON.stringify(answer)}\n`);
      } else {
        reply(response, 404, "text/plain", "there is / and /json\n");
      }
    });
    bound(this.#server);
    this.#server.on("connection", (socket) => this.#count(socket));
    this.#server.on("error", (error) => {
      log("error", `web: ${error.message}`);
      setTimeout(() => this.start(), RETRY_MS);
    });
  }

  #count(socket: Socket): void {
    const home = homeOf(socket.remoteAddress ?? "");
    const open = (this.#open.get(home) ?? 0) + 1;
    if (open > MOST_OF_ONE) return void socket.destroy();
    this.#open.set(home, open);
    socket.once("close", () => {
      const left = (this.#open.get(home) ?? 1) - 1;
      if (left === 0) this.#open.delete(home);
      else this.#open.set(home, left);
    });
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  start(): void {
    this.#server.listen({ host: this.#host, port: this.#port, ipv6Only: true });
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Behind a NAT64 each customer's address has an IPv4 one of its own. */
function homeOf(address: string): string {
  const bits = parseIp6(address);
  return bits === undefined ? address : String(bits >> (128n - HOME_BITS));
}

function reply(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" });
  response.end(text);
}
