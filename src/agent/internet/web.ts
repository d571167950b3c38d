import { createServer, type Server, type ServerResponse } from "node:http";

import type { InternetConfig } from "../../core/internet/config.ts";
import { providerOf } from "../../core/internet/sources.ts";
import { log } from "../log.ts";

const PORT = 80;
const RETRY_MS = 1000;

/** The page that tells a client its source address and the provider that it came through. */
export class Web {
  #server: Server;
  #config: () => InternetConfig;

  constructor(config: () => InternetConfig) {
    this.#config = config;
    this.#server = createServer((request, response) => {
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
    this.#server.on("error", (error) => {
      log("error", `web: ${error.message}`);
      setTimeout(() => this.start(), RETRY_MS);
    });
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  start(): void {
    this.#server.listen({ host: "::", port: PORT, ipv6Only: true });
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function reply(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" });
  response.end(text);
}
