import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";

import type { BngConfig } from "../../core/bng/config.ts";
import { KEA_CONTROL_SOCKET, renderKea } from "../../core/bng/kea.ts";
import type { KeaLease } from "../../core/bng/leases.ts";
import { log } from "../log.ts";
import { Daemon } from "../supervise/daemon.ts";

const CONFIG_FILE = "/run/mhlab/kea-dhcp6.conf";
const EMPTY = 3;

interface KeaAnswer {
  result: number;
  text?: string;
  arguments?: Record<string, unknown>;
}

/** The DHCPv6 server: supervised, and asked by its control socket. */
export class Kea {
  readonly #config: BngConfig;
  readonly daemon: Daemon;

  constructor(config: BngConfig, onStart: () => void) {
    this.#config = config;
    this.daemon = new Daemon({
      name: "kea",
      argv: ["kea-dhcp6", "-c", CONFIG_FILE],
      env: { KEA_LOCKFILE_DIR: "/run/kea", KEA_PIDFILE_DIR: "/run/kea" },
      drop: ["sys_admin"],
      before: clearRunFolder,
      onStart,
      // Kea warns of what is meant to be so here: no multi-threading, lease files of its own.
      onLine: (line) => /^(ERROR|FATAL)/.test(line) && log("error", `kea: ${line}`),
    });
  }

  /** Writes the configuration and starts, or reloads when it runs already (its sockets are bound to an interface index). */
  async serve(): Promise<void> {
    mkdirSync("/run/mhlab", { recursive: true });
    writeFileSync(CONFIG_FILE, renderKea(this.#config));
    if (this.daemon.running) await this.#command("config-reload");
    else await this.daemon.start();
  }

  /** Whether it listens for clients. */
  async serving(): Promise<boolean> {
    if (!this.daemon.running) return false;
    try {
      const { arguments: status } = await this.#command("status-get");
      const sockets = status?.["sockets"] as { status?: string } | undefined;
      return sockets?.status === "ready";
    } catch {
      return false;
    }
  }

  /** All leases of its database; throws when it does not answer. */
  async leases(): Promise<KeaLease[]> {
    const { arguments: found } = await this.#command("lease6-get-all");
    return (found?.["leases"] as KeaLease[] | undefined) ?? [];
  }

  #command(command: string): Promise<KeaAnswer> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(KEA_CONTROL_SOCKET);
      let text = "";
      socket.setTimeout(3000, () => socket.destroy(new Error(`kea does not answer ${command}`)));
      socket.setEncoding("utf8");
      socket.on("connect", () => socket.end(JSON.stringify({ command })));
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
  mkdirSync("/run/kea", { recursive: true });
  chmodSync("/run/kea", 0o750);
  chownSync("/run/kea", 0, 0);
  mkdirSync("/var/lib/kea", { recursive: true });
  for (const file of readdirSync("/run/kea")) {
    if (/\.(pid|lock)$|ctrl-socket/.test(file)) rmSync(`/run/kea/${file}`, { force: true });
  }
}
