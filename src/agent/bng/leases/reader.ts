import type { LeaseBook } from "../../../core/render/bng/lease-book.ts";
import type { KeaLease } from "../../../core/render/bng/leases.ts";

const PAGE = 400;

/** A page of Kea's database after an address; throws when Kea does not answer. */
export type ReadPage = (after: string | undefined, limit: number) => Promise<KeaLease[]>;

/** Reads the lease database round by round into the book. */
export class LeaseReader {
  readonly #book: LeaseBook;
  readonly #page: ReadPage;
  #after: string | undefined;

  constructor(book: LeaseBook, page: ReadPage) {
    this.#book = book;
    this.#page = page;
  }

  /** Reads all of it, from the beginning. */
  async readAll(): Promise<void> {
    this.#after = undefined;
    while (!(await this.readOn()));
  }

  /** Reads the next page; true when it was the last of a round. */
  async readOn(): Promise<boolean> {
    this.#book.expectPage(this.#after === undefined);
    try {
      const page = await this.#page(this.#after, PAGE);
      const last = page.length < PAGE;
      this.#after = last ? undefined : page.at(-1)?.["ip-address"];
      this.#book.takePage(page, last);
      return last;
    } catch (error) {
      this.#after = undefined;
      throw error;
    }
  }
}
