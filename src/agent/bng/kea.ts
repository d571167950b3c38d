import { existsSync, readdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";

import type { BngConfig } from "../../core/render/bng/config.ts";
import { KEA_CONTROL_SOCKET, KEA_FOLDER, renderKea, SUBNET_ID } from "../../core/render/bng/kea.ts";
import type { KeaLease } from "../../core/render/bng/leases.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import type { DhcpEffects } from "../../core/model/faults/effects.ts";
import type { HeldLease } from "../../core/model/faults/fault.ts";
import { parseUtc } from "../../core/model/utc.ts";
import { replaceFile } from "../files.ts";
import type { Intent } from "../intent/intent.ts";
import { log } from "../log.ts";
import { makeOwnFolder } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";

const CONFIG_FILE = "/run/mhlab/kea-dhcp6.conf";
const RUN_FOLDER = "/run/kea";
const EMPTY = 3;

interface KeaAnswer {
  result: number;
  text?: string;
  arguments?: Record<string, unknown>;
}

/** The DHCPv6 server: supervised, and asked by its control socket. */
export class Kea {
  readonly #intent: Intent<BngConfig>;
  readonly #faults: () => DhcpEffects;
  readonly daemon: Daemon;
  /** The configuration that it runs with. */
  #applied = "";

  /** `faults` tells what they make it say, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, faults: () => DhcpEffects, onStart: () => void) {
    this.#intent = intent;
    this.#faults = faults;
    this.daemon = new Daemon({
      name: "kea",
      argv: ["kea-dhcp6", "-c", CONFIG_FILE],
      env: {
        KEA_LOCKFILE_DIR: RUN_FOLDER,
        KEA_PIDFILE_DIR: RUN_FOLDER,
        KEA_DHCP_DATA_DIR: KEA_FOLDER,
      },
      confinement: PROGRAMS.kea,
      before: () => {
        clearRunFolder();
        this.#applied = this.#write();
      },
      onStart,
      ask: () => this.#command("version-get"),
      inbox: "packet",
      // Kea warns of what is meant to be so here: no multi-threading, lease files of its own.
      onLine: (line) => /^(ERROR|FATAL)/.test(line) && log("error", `kea: ${line}`),
    });
  }

  /** Starts, or reloads when it runs already: its sockets are bound to an interface index. */
  async serve(): Promise<void> {
    if (this.daemon.running) await this.#reload();
    else await this.daemon.start();
  }

  /** Takes the configuration that the intent gives by now; leases stay. Nothing happens while it does not run. */
  async follow(): Promise<void> {
    if (this.daemon.running && this.#render() !== this.#applied) await this.#reload();
  }

  async #reload(): Promise<void> {
    const text = this.#write();
    await this.#command("config-reload");
    this.#applied = text;
  }

  #render(): string {
    return renderKea(this.#intent.config, this.#faults());
  }

  #write(): string {
    const text = this.#render();
    replaceFile(CONFIG_FILE, text, 0o644);
    return text;
  }

  /** Whether it listens for clients. */
  async serving(): Promise<boolean> {
    // Asking in vain, twenty times a second, costs more than what is waited for.
    if (!this.daemon.running || !existsSync(KEA_CONTROL_SOCKET)) return false;
    try {
      const { arguments: status } = await this.#command("status-get");
      const sockets = status?.["sockets"] as { status?: string } | undefined;
      return sockets?.status === "ready";
    } catch {
      return false;
    }
  }

  /** The leases of its database after an address, or the first ones; fewer than asked for when there are no more. Throws when it does not answer. */
  async leases(after: string | undefined, limit: number): Promise<KeaLease[]> {
    const { arguments: found } = await this.#command("lease6-get-page", { from: after ?? "start", limit });
    return (found?.["leases"] as KeaLease[] | undefined) ?? [];
  }

  /** Takes delegations out of its database; resolves to those that were in it. Others that it knows of them forget them too. */
  async forget(prefixes: readonly string[]): Promise<string[]> {
    const forgotten: string[] = [];
    for (const prefix of prefixes) {
      const [address = ""] = prefix.split("/");
      const words = { "ip-address": address, type: prefix.endsWith("/128") ? "IA_NA" : "IA_PD" };
      const { result } = await this.#command("lease6-del", words);
      if (result === 0) forgotten.push(prefix);
    }
    // The hook counts anew what each customer has.
    if (forgotten.length > 0) await this.#reload();
    return forgotten;
  }

  /** Puts delegations back that still run; resolves to those that nobody else has got meanwhile. */
  async giveBack(leases: readonly HeldLease[], nowS: number): Promise<string[]> {
    const given: string[] = [];
    for (const { prefix, via, mac, duid, iaid, preferredS, validS, expiresAt } of leases) {
      const [address = "", length] = prefix.split("/");
      const expire = Math.round(parseUtc(expiresAt) ?? 0);
      if (expire <= nowS || (await this.#has(address))) continue;
      await this.#command("lease6-add", {
        type: "IA_PD",
        "subnet-id": SUBNET_ID,
        "ip-address": address,
        "prefix-len": Number(length),
        duid,
        iaid,
        "preferred-lft": preferredS,
        "valid-lft": validS,
        expire,
        "user-context": { mhlab: { via, mac } },
      });
      given.push(prefix);
    }
    if (given.length > 0) await this.#reload();
    return given;
  }

  async #has(address: string): Promise<boolean> {
    const { result } = await this.#command("lease6-get", { type: "IA_PD", "ip-address": address });
    return result === 0;
  }

  #command(command: string, words?: Record<string, unknown>): Promise<KeaAnswer> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(KEA_CONTROL_SOCKET);
      let text = "";
      socket.setTimeout(3000, () => socket.destroy(new Error(`kea does not answer ${command}`)));
      socket.setEncoding("utf8");
      socket.on("connect", () => socket.end(JSON.stringify({ command, arguments: words })));
      socket.on("data", (chunk: string) => (text += chunk));
      socket.on("error", reject);
      socket.on("close", () => {
        try {
          const answer = JSON.parse(text) as KeaAnswer;
          if (answer.result === 0 || answer.result === EMPTY) resolve(answer);
          else reject(new Error(`kea: ${command}: ${answer.text ?? "failed"}`));
        } catch {
          reject(new Error(`kea does not answer ${command}`));
        }
      });
    });
  }
}

/** Kea refuses a socket folder that is not exactly 0750, and to start while a PID file names a living process. */
function clearRunFolder(): void {
  makeOwnFolder(RUN_FOLDER, PROGRAMS.kea);
  makeOwnFolder(KEA_FOLDER, PROGRAMS.kea);
  for (const file of readdirSync(RUN_FOLDER)) {
    if (/\.(pid|lock)$|ctrl-socket/.test(file)) rmSync(`${RUN_FOLDER}/${file}`, { force: true });
  }
}
