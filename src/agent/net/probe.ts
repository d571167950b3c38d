import { PROGRAMS } from "../../core/confinement/programs.ts";
import { Daemon } from "../supervise/daemon.ts";

/** Pings one address without end and knows the last round trip; a lost echo empties it. */
export class Probe {
  readonly target: string;
  #daemon: Daemon;
  #rttMs: number | null = null;
  #lost = 0;

  /** `source` binds the echo requests to an address; `onChange` is called when the target starts or stops to answer. */
  constructor(target: string, source: string | undefined, intervalS: number, onChange: () => void) {
    this.target = target;
    const bind = source === undefined ? [] : ["-I", source];
    this.#daemon = new Daemon({
      name: `ping ${target}`,
      argv: ["ping", "-6", "-n", "-O", "-i", String(intervalS), ...bind, target],
      confinement: PROGRAMS.ping,
      onLine: (line) => {
        const answered = /time=([\d.]+) ms/.exec(line)?.[1];
        const before = this.#rttMs !== null;
        if (answered !== undefined) {
          this.#rttMs = Number(answered);
          this.#lost = 0;
        } else if (/no answer yet|unreachable|Unreachable|failed/.test(line)) {
          this.#rttMs = null;
          this.#lost += 1;
        }
        if (before !== (this.#rttMs !== null)) onChange();
      },
    });
  }

  /** Milliseconds of the last echo; null when it was lost or none came yet. */
  get rttMs(): number | null {
    return this.#rttMs;
  }

  /** How many echoes in a row were lost. */
  get lost(): number {
    return this.#lost;
  }

  start(): Promise<void> {
    return this.#daemon.start();
  }

  stop(): Promise<void> {
    return this.#daemon.stop();
  }
}
