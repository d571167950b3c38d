import { LeakBook } from "../../core/judge/experiment/leak-book.ts";
import type { PortLeaks } from "../../core/judge/experiment/record.ts";
import { withOwners } from "../../core/model/status/leak-owners.ts";
import type { NodeStatus, ProviderStatus } from "../../core/model/status/model.ts";
import { parseUtc } from "../../core/model/utc.ts";

/** The leaks at the ports of all providers since t=0, from what their BNGs tell. */
export class LabLeaks {
  readonly #books = new Map<string, LeakBook>();
  /** Prefixes that a provider had during the run, the current ones too. */
  readonly #prefixes = new Map<string, ProviderStatus["prefixes"]>();
  #startS: number | undefined;
  #ended = false;

  constructor(providers: readonly string[]) {
    for (const name of providers) this.#books.set(name, new LeakBook());
  }

  /** From now on it counts; `startS` is t=0 in seconds since 1970 by the agents' clock. */
  begin(startS: number): void {
    this.#startS = startS;
    for (const book of this.#books.values()) book.begin();
  }

  /** What is told later is no part of the run. */
  end(): void {
    this.#ended = true;
  }

  /** Takes a status that was true at `atS`, seconds since t=0. */
  take(status: NodeStatus, atS: number): void {
    if (status.role !== "bng" || this.#ended) return;
    const { name, leaks, prefixes } = status;
    const known = this.#prefixes.get(name) ?? [];
    const news = prefixes.filter(({ prefix }) => known.every((one) => one.prefix !== prefix));
    if (news.length > 0) this.#prefixes.set(name, [...known, ...news]);
    const sinceS = (parseUtc(leaks.since ?? "") ?? 0) - (this.#startS ?? 0);
    this.#books.get(name)?.take(leaks, atS, sinceS);
  }

  /** What leaked until `endS`, by provider. */
  until(endS: number): Readonly<Record<string, PortLeaks>> {
    const providers = [...this.#prefixes].map(([name, prefixes]) => ({ name, prefixes }));
    return Object.fromEntries(
      [...this.#books].map(([name, book]) => {
        const leaks = book.until(endS);
        return [name, { ...leaks, ...withOwners(leaks, providers) }];
      }),
    );
  }
}
