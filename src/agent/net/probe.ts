import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { EchoLoss } from "../../core/model/status/echo-loss.ts";
import { Daemon } from "../supervise/daemon.ts";

export interface ProbeOptions {
  readonly target: string;
  /** Binds the echo requests to an address. */
  readonly source: string | undefined;
  /** Between two echoes until some were answered in a row, and again from the first that is lost. */
  readonly intervalS: number;
  /** Between two echoes otherwise. */
  readonly calmIntervalS: number;
  /** So many lost in a row count as a loss, though nothing was answered before; left out: none do. */
  readonly downAfter?: number;
  /** Called at each answer. */
  readonly onAnswer?: () => void;
  /** Called at each echo that is lost. */
  readonly onLost?: () => void;
  /** Called when the target starts or stops to answer. */
  readonly onChange: () => void;
}

/** So many answers in a row make calm. */
const CALM_AFTER = 3;

/** Pings one address without end and knows the last round trip; a lost echo empties it. */
export class Probe {
  readonly target: string;
  readonly #options: ProbeOptions;
  #daemon: Daemon;
  #calm = false;
  #wanted = false;
  #rttMs: number | null = null;
  #answered = 0;
  #lost = 0;
  readonly #loss: EchoLoss;

  constructor(options: ProbeOptions) {
    this.target = options.target;
    this.#options = options;
    this.#loss = new EchoLoss(options.downAfter);
    this.#daemon = this.#ping();
  }

  #ping(): Daemon {
    const { target, source, intervalS, calmIntervalS } = this.#options;
    const bind = source === undefined ? [] : ["-I", source];
    const interval = String(this.#calm ? calmIntervalS : intervalS);
    return new Daemon({
      name: `ping ${target}`,
      argv: ["ping", "-6", "-n", "-O", "-i", interval, ...bind, target],
      confinement: PROGRAMS.ping,
      onLine: (line) => this.#note(line),
    });
  }

  #note(line: string): void {
    const answered = /time=([\d.]+) ms/.exec(line)?.[1];
    const before = this.#rttMs !== null;
    if (answered !== undefined) {
      this.#rttMs = Number(answered);
      this.#answered += 1;
      this.#loss.add(true);
      this.#lost = 0;
      this.#options.onAnswer?.();
    } else if (/no answer yet|unreachable|Unreachable|failed/.test(line)) {
      this.#rttMs = null;
      this.#answered = 0;
      this.#loss.add(false);
      this.#lost += 1;
      this.#options.onLost?.();
    }
    if (before !== (this.#rttMs !== null)) this.#options.onChange();
    const calm = this.#calm ? this.#lost === 0 : this.#answered >= CALM_AFTER;
    if (calm !== this.#calm) void this.#pace(calm);
  }

  /** Only another ping has another pace. */
  async #pace(calm: boolean): Promise<void> {
    const before = this.#daemon;
    this.#calm = calm;
    this.#daemon = this.#ping();
    await before.stop();
    if (this.#wanted) await this.#daemon.start();
  }

  /** Milliseconds of the last echo; null when it was lost or none came yet. */
  get rttMs(): number | null {
    return this.#rttMs;
  }

  /** Percent of the last echoes that were lost; null before the first answer. */
  get lossPct(): number | null {
    return this.#loss.percent;
  }

  /** How many echoes in a row were lost. */
  get lost(): number {
    return this.#lost;
  }

  start(): Promise<void> {
    this.#wanted = true;
    return this.#daemon.start();
  }

  stop(): Promise<void> {
    this.#wanted = false;
    return this.#daemon.stop();
  }
}
