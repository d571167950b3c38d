import { timeLimit } from "../../app/time-limit.ts";
import type { Machine } from "../../app/ports/machine.ts";
import { readNics, UNKNOWN_MACHINE, type MachineFacts } from "../../core/wizard/machine.ts";
import type { EngineEndpoint } from "../docker/endpoint.ts";
import { openTransport, type Transport } from "../docker/transport.ts";
import { lookByEngine } from "./engine-look.ts";
import { lookHere } from "./here-look.ts";

const PING_MS = 2000;
const LOOK_MS = 8000;

export interface MachineOptions {
  /** Where the engine is; rejects when there is none to ask. */
  readonly endpoint: () => Promise<EngineEndpoint>;
  /** Whether that engine is mhlab's own, whose host has no cards. */
  readonly sandbox: boolean;
}

/** Sees the engine's host through the BNG image; without an engine or an image, this machine. */
export function openMachine({ endpoint, sandbox }: MachineOptions): Machine {
  return {
    async look(signal) {
      const found = await endpoint().catch(() => undefined);
      const transport = found === undefined ? undefined : openTransport(found);
      const answers = transport !== undefined && (await ping(transport, signal));
      signal.throwIfAborted();
      const engine = answers ? found?.text : undefined;
      const lines = answers
        ? await lookByEngine(transport, timeLimit(LOOK_MS, signal)).catch(() => undefined)
        : undefined;
      signal.throwIfAborted();
      if (lines !== undefined) return { engine, seen: "engine", ...factsOf(lines) };
      const elsewhere = sandbox || (found !== undefined && found.kind !== "unix");
      if (elsewhere) return { ...UNKNOWN_MACHINE, engine };
      return { engine, seen: "here", ...factsOf(await lookHere(signal)) };
    },
  };
}

async function ping(transport: Transport, signal: AbortSignal): Promise<boolean> {
  const limit = timeLimit(PING_MS, signal);
  return await transport({ method: "GET", path: "/_ping", signal: limit }).then(
    ({ statusCode, body }) => {
      body.resume();
      return statusCode < 400;
    },
    () => false,
  );
}

function factsOf([addresses = "", routes4 = "", routes6 = "", wireguard = ""]: string[]): Pick<
  MachineFacts,
  "nics" | "wireguard"
> {
  const routes = [...jsonList(routes4), ...jsonList(routes6)];
  return {
    nics: readNics(jsonList(addresses), routes),
    wireguard: wireguard === "kernel" || wireguard === "userspace" ? wireguard : "unknown",
  };
}

function jsonList(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text || "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
