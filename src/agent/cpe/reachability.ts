import { Probe } from "../net/probe.ts";

const INTERVAL_S = 1;

/** One endless ping per WAN whose source is the LAN's address in that WAN's delegation. */
export class Reachability {
  readonly #target: string | undefined;
  readonly #onChange: () => void;
  readonly #probes = new Map<string, { source: string; probe: Probe }>();

  constructor(target: string | undefined, onChange: () => void) {
    this.#target = target;
    this.#onChange = onChange;
  }

  /** Whether there is something to measure against. */
  get measures(): boolean {
    return this.#target !== undefined;
  }

  rttMs(wan: string): number | null {
    return this.#probes.get(wan)?.probe.rttMs ?? null;
  }

  /** Measures from this source; undefined stops the measurement. */
  async follow(wan: string, source: string | undefined): Promise<void> {
    const present = this.#probes.get(wan);
    if (present?.source === source) return;
    this.#probes.delete(wan);
    await present?.probe.stop();
    if (source === undefined || this.#target === undefined) return;
    const probe = new Probe(this.#target, source, INTERVAL_S, this.#onChange);
    this.#probes.set(wan, { source, probe });
    await probe.start();
  }
}
