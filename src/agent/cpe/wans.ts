import type { CpeWan } from "../../core/render/cpe/documents.ts";
import { deleteLink, ownerOf, type Link } from "../net/link.ts";
import { Wan, type Asking } from "./wan.ts";

const LINE = /^wan(\d+)$/;

/** What following the lab file did to the WANs, by their numbers. */
export interface WanChanges {
  readonly removed: ReadonlySet<number>;
  /** Of those that stay: whose provider delegates from other networks than before, with these as a word. */
  readonly repooled: ReadonlyMap<number, string | undefined>;
}

/** The WANs of a CPE. Each keeps its number while the others come and go: its interface and its table are called after it. */
export class Wans {
  readonly #cpe: string;
  readonly #asking: Asking | undefined;
  #all: readonly Wan[] = [];

  /** Without `asking` they are only links. */
  constructor(cpe: string, asking: Asking | undefined) {
    this.#cpe = cpe;
    this.#asking = asking;
  }

  /** In the order of the lab file. */
  get all(): readonly Wan[] {
    return this.#all;
  }

  /** Makes them those of the lab file; a line that is here already tells by its mark whose it is. */
  async follow(wanted: readonly CpeWan[], here: ReadonlyMap<string, Link>): Promise<WanChanges> {
    const before = this.#all;
    const gone = before.filter(({ provider }) => !wanted.some((one) => one.provider === provider));
    await Promise.all([...gone.map((wan) => wan.leave()), ...strangers(wanted, here).map(deleteLink)]);
    const stay = before.filter((wan) => !gone.includes(wan));
    const repooled = stay.filter((wan) =>
      wan.follow(wanted.find(({ provider }) => provider === wan.provider)),
    );
    const taken = new Map(stay.map(({ provider, number }) => [provider, number]));
    for (const { provider } of wanted) {
      const number = taken.has(provider) ? undefined : lineOf(provider, here);
      if (number !== undefined) taken.set(provider, number);
    }
    this.#all = wanted.map((wan) => {
      const known = stay.find(({ provider }) => provider === wan.provider);
      if (known !== undefined) return known;
      const number = taken.get(wan.provider) ?? firstFree(taken);
      taken.set(wan.provider, number);
      return new Wan(this.#cpe, number, wan, this.#asking);
    });
    return {
      removed: new Set(gone.map(({ number }) => number)),
      repooled: new Map(repooled.map(({ number, pool }) => [number, pool])),
    };
  }
}

function firstFree(taken: ReadonlyMap<string, number>): number {
  const numbers = new Set(taken.values());
  let number = 0;
  while (numbers.has(number)) number++;
  return number;
}

/** The number of the line to a provider that an earlier life of the agent took. */
function lineOf(provider: string, here: ReadonlyMap<string, Link>): number | undefined {
  const found = [...here.values()].find((link) => LINE.test(link.ifname) && ownerOf(link) === provider);
  return found === undefined ? undefined : Number(LINE.exec(found.ifname)?.[1]);
}

/** Lines to providers that the CPE has not any more. */
function strangers(wanted: readonly CpeWan[], here: ReadonlyMap<string, Link>): string[] {
  return [...here.values()]
    .filter((link) => LINE.test(link.ifname) && !wanted.some(({ provider }) => provider === ownerOf(link)))
    .map(({ ifname }) => ifname);
}
