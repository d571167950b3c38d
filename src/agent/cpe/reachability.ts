import { Probe } from "../net/probe.ts";

const INTERVAL_S = 1;
const CALM_INTERVAL_S = 2;

/** What is measured by a WAN: the way to a target from an address of the prefix that is delegated there. */
export interface Measurement {
  readonly wan: string;
  readonly source: string;
  readonly target: string;
}

interface Measured {
  readonly source: string;
  readonly probe: Probe;
}

/** One endless ping per WAN whose source is the LAN's address in that WAN's delegation. */
export class Reachability {
  readonly #onChange: () => void;
  readonly #probes = new Map<string, Measured>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  rttMs(wan: string): number | null {
    return this.#probes.get(wan)?.probe.rttMs ?? null;
  }

  /** Percent of the last echoes that were lost; null before the first answer. */
  lossPct(wan: string): number | null {
    return this.#probes.get(wan)?.probe.lossPct ?? null;
  }

  /** Measures by each of these WANs from now on, and by no other. */
  async follow(wanted: readonly Measurement[]): Promise<void> {
    for (const [wan, { source, probe }] of this.#probes) {
      const stays = wanted.some(
        (one) => one.wan === wan && one.source === source && one.target === probe.target,
      );
      if (stays) continue;
      this.#probes.delete(wan);
      await probe.stop();
    }
    for (const { wan, source, target } of wanted) {
      if (this.#probes.has(wan)) continue;
      const probe = new Probe({
        target,
        source,
        intervalS: INTERVAL_S,
        calmIntervalS: CALM_INTERVAL_S,
        onChange: this.#onChange,
      });
      this.#probes.set(wan, { source, probe });
      await probe.start();
    }
  }
}
