import type {
  CpeStatus,
  HostStatus,
  InternetStatus,
  KeeperStatus,
  ProviderStatus,
} from "../core/status/model.ts";
import { judgeHost, judgeProvider, judgeReady, type Patience, type Verdict } from "../core/status/settle.ts";

export type Status = ProviderStatus | CpeStatus | InternetStatus | HostStatus | KeeperStatus;

/** What waiting ends with. */
export type Settled = Exclude<Verdict, { kind: "waiting" }>;

/** Judges a member by what its agent says, with the patience that it deserves by then. */
export class Judge {
  readonly verdict: Promise<Settled>;
  readonly #patience: Omit<Patience, "answeredForMs">;
  readonly #tell: (detail: string) => void;
  #settle!: (verdict: Settled) => void;
  #last: Status | undefined;
  #since = 0;

  /** `tell` gets what the member waits for. */
  constructor(patience: Omit<Patience, "answeredForMs">, tell: (detail: string) => void) {
    this.#patience = patience;
    this.#tell = tell;
    this.verdict = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Whether its agent has spoken since it last went. */
  get heard(): boolean {
    return this.#last !== undefined;
  }

  take(status: Status): void {
    if (this.#last === undefined) this.#since = performance.now();
    this.#last = status;
    this.look();
  }

  forget(): void {
    this.#last = undefined;
  }

  /** Judges again: patience with a real far side runs out without an event. */
  look(): void {
    if (this.#last === undefined) return;
    const verdict = judge(this.#last, {
      ...this.#patience,
      answeredForMs: performance.now() - this.#since,
    });
    if (verdict.kind === "waiting") this.#tell(verdict.detail);
    else this.#settle(verdict);
  }
}

function judge(status: Status, patience: Patience): Verdict {
  if ("uplink" in status) return judgeProvider(status, patience);
  if ("lent" in status) return { kind: "ready" };
  return "wans" in status || "peers" in status ? judgeReady(status) : judgeHost(status);
}
