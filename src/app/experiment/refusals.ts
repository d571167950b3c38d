import type { MemberStatus } from "../../core/status/model.ts";

/** Counts what providers refuse for its source since t=0; their own counters begin anew with each life of a BNG. */
export class Refusals {
  readonly #last = new Map<string, number>();
  readonly #sum = new Map<string, number>();

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#sum].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** From now on it counts: what was counted before is forgotten. */
  begin(): void {
    for (const name of this.#last.keys()) this.#sum.set(name, 0);
  }

  take(status: MemberStatus): void {
    if (status.role !== "bng") return;
    const { name, spoofed } = status;
    const before = this.#last.get(name);
    this.#last.set(name, spoofed.packets);
    const more =
      before === undefined || spoofed.packets < before ? spoofed.packets : spoofed.packets - before;
    this.#sum.set(name, (this.#sum.get(name) ?? 0) + more);
  }
}
