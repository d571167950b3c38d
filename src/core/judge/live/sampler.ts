import type { CpeStatus, HostStatus, NodeStatus, ProviderStatus } from "../../model/status/model.ts";
import { secondsSince } from "../../model/utc.ts";
import { trackKey, type Plot, type Values } from "./history.ts";

/** Rates are told over so many seconds: counters come once a second, not at the same time as samples. */
const RATE_S = 8;

interface Counted {
  readonly atS: number;
  readonly rxBytes: number;
  readonly txBytes: number;
}

/** Makes the values of plots from statuses, a moment after the other. Who is not heard has none. */
export class Sampler {
  readonly #counted = new Map<string, Counted[]>();

  /** The values at that time, in seconds since 1970. */
  take(atS: number, statuses: readonly NodeStatus[]): Values {
    const values: Record<string, number | null> = {};
    const set = (plot: Plot, name: string, value: number | null): void => {
      values[trackKey({ plot, name })] = value;
    };
    for (const status of statuses) {
      if (status.role === "bng") this.#provider(atS, status, set);
      if (status.role === "cpe") this.#cpe(status, set);
      if (status.role === "host") this.#host(status, set);
    }
    return values;
  }

  #provider(atS: number, { name, uplink }: ProviderStatus, set: SetValue): void {
    set("rtt", name, uplink.rttMs);
    set("handshake", name, uplink.handshakeAt === null ? null : secondsSince(uplink.handshakeAt, atS));
    if (uplink.lossPct !== null) set("loss", name, uplink.lossPct);
    const rates = this.#rates(name, { atS, rxBytes: uplink.rxBytes, txBytes: uplink.txBytes });
    set("down", name, rates?.down ?? null);
    set("up", name, rates?.up ?? null);
  }

  #cpe({ name, wans }: CpeStatus, set: SetValue): void {
    for (const { provider, rttMs, lossPct, reach } of wans) {
      if (reach === "not-measured") continue;
      const way = `${name} › ${provider}`;
      set("rtt", way, rttMs);
      if (lossPct !== null) set("loss", way, lossPct);
    }
  }

  /** A way per provider that a host has an address of, from that address. */
  #host({ name, addresses }: HostStatus, set: SetValue): void {
    for (const { provider, state, rttMs, lossPct } of addresses) {
      if (provider === null || state !== "preferred") continue;
      const way = `${name} › ${provider}`;
      set("rtt", way, rttMs);
      if (lossPct !== null) set("loss", way, lossPct);
    }
  }

  /** Bits a second; undefined until two moments are known, and when counters began anew. */
  #rates(name: string, now: Counted): { down: number; up: number } | undefined {
    const before = (this.#counted.get(name) ?? []).filter(({ atS }) => now.atS - atS <= RATE_S);
    const anew = before.some(({ rxBytes, txBytes }) => rxBytes > now.rxBytes || txBytes > now.txBytes);
    const kept = anew ? [] : before;
    this.#counted.set(name, [...kept, now]);
    const [first] = kept;
    if (first === undefined || now.atS <= first.atS) return undefined;
    const rate = (bytes: number): number => Math.round((8 * bytes) / (now.atS - first.atS));
    return { down: rate(now.rxBytes - first.rxBytes), up: rate(now.txBytes - first.txBytes) };
  }
}

type SetValue = (plot: Plot, name: string, value: number | null) => void;
