import { createServer, type Server } from "node:https";
import { createSecureContext, type SecureContext, type TLSSocket } from "node:tls";

import { INTERNET_ADDRESS } from "../../core/model/internet/config.ts";
import { PVD_PATH, PVD_TYPE, pvdInformation } from "../../core/model/internet/pvd.ts";
import type { PvdService } from "../../core/model/internet/services.ts";
import { formatUtc } from "../../core/model/utc.ts";
import { canonicalDomain } from "../../core/model/values/parse.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import type { Authority } from "./authority.ts";
import { bound, LIMITS, REQUEST_MS, RETRY_MS } from "./http-limits.ts";

const PORT = 443;

/** What provisioning domains tell of themselves at the moment, by HTTPS at the name of each (RFC 8801, section 4). */
export class PvdServer {
  readonly #authority: Authority;
  readonly #clock: Clock;
  readonly #wanted: () => readonly PvdService[];
  readonly #address: string;
  readonly #port: number;
  readonly #contexts = new Map<string, SecureContext>();
  #names: ReadonlySet<string> = new Set();
  #server: Server | undefined;

  constructor(
    authority: Authority,
    clock: Clock,
    wanted: () => readonly PvdService[],
    { address = INTERNET_ADDRESS, port = PORT } = {},
  ) {
    this.#authority = authority;
    this.#clock = clock;
    this.#wanted = wanted;
    this.#address = address;
    this.#port = port;
  }

  /** Whether all that should be served is. */
  get serving(): boolean {
    return this.#names.size === 0 || this.#server?.listening === true;
  }

  /** Where it listens; undefined while it does not. */
  get port(): number | undefined {
    const at = this.#server?.address();
    return typeof at === "object" ? at?.port : undefined;
  }

  /** Serves those that are wanted now, and no others. Throws CommandError when a certificate cannot be made. */
  async follow(): Promise<void> {
    const names = new Set(this.#wanted().map(({ name }) => canonicalDomain(name)));
    for (const name of names)
      if (!this.#contexts.has(name))
        this.#contexts.set(name, createSecureContext(await this.#authority.issue(name)));
    this.#names = names;
    if (names.size === 0) this.stop();
    else if (this.#server === undefined) this.#start();
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
  }

  #start(): void {
    const options = {
      ...LIMITS,
      handshakeTimeout: REQUEST_MS,
      SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void): void =>
        done(
          null,
          this.#names.has(canonicalDomain(name)) ? this.#contexts.get(canonicalDomain(name)) : undefined,
        ),
    };
    const server = createServer(options, (request, response) => {
      const { servername } = request.socket as TLSSocket & { servername?: string | false };
      const asked = canonicalDomain(servername || "");
      const pvd = this.#wanted().find(({ name }) => canonicalDomain(name) === asked);
      const path = (request.url ?? "/").split("?")[0];
      if (pvd === undefined || path !== PVD_PATH || request.method !== "GET") {
        response.writeHead(404).end();
        return;
      }
      const expires = formatUtc(this.#clock.nowS() + pvd.expiresS);
      response.writeHead(200, { "content-type": PVD_TYPE, "cache-control": `max-age=${pvd.expiresS}` });
      response.end(`${JSON.stringify({ ...pvdInformation(pvd), expires })}\n`);
    });
    bound(server);
    server.on("tlsClientError", () => {
      // Whoever does not trust the authority ends like this; it is said to him, not here.
    });
    server.on("error", (error) => {
      log("error", `PvDs: ${error.message}`);
      setTimeout(() => this.#server === server && this.#listen(server), RETRY_MS);
    });
    this.#server = server;
    this.#listen(server);
  }

  #listen(server: Server): void {
    server.listen({ host: this.#address, port: this.#port, ipv6Only: true });
  }
}
