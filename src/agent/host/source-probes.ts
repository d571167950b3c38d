import { Probe } from "../net/probe.ts";

const INTERVAL_S = 1;
const CALM_INTERVAL_S = 2;
/** A ready host begins to probe only when somebody looks: then a path that never answers is down. */
const DOWN_AFTER = 10;
/** Who follows for less only waits for something, as `up` does. */
const LOOKING_MS = 10_000;

/** A ping from each source address of a host, while somebody looks: whether each provider's way works is seen only so. */
export class SourceProbes {
  readonly #target: string;
  readonly #onChange: () => void;
  readonly #probes = new Map<string, Probe>();
  #observed = false;
  #timer: NodeJS.Timeout | undefined;
  #sources: readonly string[] = [];

  constructor(target: string, onChange: () => void) {
    this.#target = target;
    this.#onChange = onChange;
  }

  /** Milliseconds of the last echo from a source; null when it was lost, or is not sent. */
  rttMs(source: string): number | null {
    return this.#probes.get(source)?.rttMs ?? null;
  }

  /** Percent of the last echoes from a source that were lost; null while none counts. */
  lossPct(source: string): number | null {
    return this.#probes.get(source)?.lossPct ?? null;
  }

  /** From these addresses and no other, as long as somebody looks. */
  async follow(sources: readonly string[]): Promise<void> {
    this.#sources = sources;
    await this.#settle();
  }

  /** Whether somebody looks. Resolves when nothing is sent any more, or will be sent soon. */
  async observe(observed: boolean): Promise<void> {
    clearTimeout(this.#timer);
    if (observed) {
      this.#timer = setTimeout(() => {
        this.#observed = true;
        void this.#settle();
      }, LOOKING_MS);
      return;
    }
    this.#observed = false;
    await this.#settle();
  }

  async #settle(): Promise<void> {
    const wanted = new Set(this.#observed ? this.#sources : []);
    const stopped = [...this.#probes].filter(([source]) => !wanted.has(source));
    for (const [source] of stopped) this.#probes.delete(source);
    const started = [...wanted]
      .filter((source) => !this.#probes.has(source))
      .map((source) => this.#probe(source));
    await Promise.all([
      ...stopped.map(([, probe]) => probe.stop()),
      ...started.map((probe) => probe.start()),
    ]);
  }

  #probe(source: string): Probe {
    const probe = new Probe({
      target: this.#target,
      source,
      intervalS: INTERVAL_S,
      calmIntervalS: CALM_INTERVAL_S,
      downAfter: DOWN_AFTER,
      onChange: this.#onChange,
    });
    this.#probes.set(source, probe);
    return probe;
  }
}
