import { FIELDS, type Packet } from "../../core/judge/check/packets.ts";
import type { Side } from "../../core/judge/check/requirement.ts";
import { capturesOf } from "../../core/judge/experiment/capture-plan.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { PacketReader } from "../ports/packet-reader.ts";

/** How long tshark may take to read what was captured when the user has ended the check. */
const READ_MS = 120_000;

/** The captures of a run, read by display filters. */
export class Captured {
  readonly #record: RunRecord;
  readonly #folder: { readonly path: string; readonly name: string };
  readonly #reader: PacketReader;
  readonly #signal = AbortSignal.timeout(READ_MS);

  constructor(
    record: RunRecord,
    folder: { readonly path: string; readonly name: string },
    reader: PacketReader,
  ) {
    this.#record = record;
    this.#folder = folder;
    this.#reader = reader;
  }

  /** All packets in the order of time, with a column for each filter of their side. */
  async packets(filters: readonly { readonly side: Side; readonly filter: string }[]): Promise<Packet[]> {
    const { scenario, providers, startedNs } = this.#record;
    const files = capturesOf(scenario.captures, []).map(({ node, file }) => ({
      file,
      side: providers.includes(node) ? ("wan" as const) : ("lan" as const),
    }));
    const all = await Promise.all(
      files.map(async ({ file, side }) => {
        const own = filters.filter((one) => one.side === side).map(({ filter }) => filter);
        const columns = [...new Set<string>([...FIELDS, ...own])];
        const path = `${this.#folder.path}/${file}`;
        const rows = await this.#reader.rows(
          path,
          ["frame.number", "frame.time_epoch", ...columns],
          this.#signal,
        );
        return rows.map(([frame = "", time = "", ...cells]): Packet => ({
          file: `${this.#folder.name}/${file}`,
          side,
          frame: Number(frame),
          atS: sinceS(time, startedNs),
          cells: new Map(columns.map((column, index) => [column, cells[index] ?? ""])),
        }));
      }),
    );
    return all.flat().sort((one, other) => one.atS - other.atS);
  }
}

/** Seconds since t=0 of seconds since 1970 with up to nine decimals. */
function sinceS(time: string, startedNs: string): number {
  const [seconds = "0", decimals = ""] = time.split(".");
  return Number(BigInt(seconds + decimals.padEnd(9, "0").slice(0, 9)) - BigInt(startedNs)) / 1e9;
}
