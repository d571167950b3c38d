/** The subscriber line of a provider: what its settings say, with faults on top, as queues of the kernel. */
import { least } from "../../model/least.ts";
import { containsPrefix, formatPrefix6, type Prefix6 } from "../../model/ip6.ts";
import type { Bursts, Effects, LineEffect, LineTraits, Pace } from "../../model/faults/effects.ts";
import type { Way } from "../../model/faults/fault.ts";
import type { line } from "../../model/settings/line.ts";
import type { Values } from "../../model/settings/setting.ts";

export type LineSettings = Omit<Values<typeof line>, "preset">;

/** How fast a queue is emptied; the smallest of all counts. */
export interface Speed {
  /** Bits a second; undefined when nothing bounds it. */
  readonly rate: number | undefined;
  readonly paces: readonly Pace[];
}

/** What happens to the packets of some customers. */
export interface LineCell extends Speed {
  /** Undefined for all whom no other cell is about. */
  readonly from: Prefix6 | undefined;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly queueMs: number;
  readonly bursts: Bursts | undefined;
  readonly corrupt: number;
  readonly reorder: number;
}

/** One way of the line. */
export interface LineWay {
  readonly way: Way;
  /** The share of its packets that the line loses by its settings. */
  readonly loss: number;
  /** Its packets have to pass the device with the queue. */
  readonly queued: boolean;
  /** For all cells together. */
  readonly trunk: Speed;
  /** The narrowest prefix comes first. */
  readonly cells: readonly LineCell[];
}

const DEFAULT_QUEUE_MS = 100;

/** What a line does on each way. */
export function composeLine(
  settings: LineSettings,
  { line: pieces, packets }: Pick<Effects, "line" | "packets">,
): Readonly<Record<Way, LineWay>> {
  const compose = (way: Way): LineWay => {
    const own = ownTraits(settings, way);
    const faults = pieces.filter((piece) => piece.way === way);
    const all: readonly LineEffect[] = own === undefined ? faults : [{ way, ...own }, ...faults];
    const general = all.filter(({ from }) => from === undefined);
    const cells = cellsOf(all).map((from) => composeCell(from, all));
    const loss = settings.loss;
    const onDevice = packets.some((rule) => rule.place === "line" && rule.way === way);
    return { way, loss, queued: cells.length > 0 || onDevice, trunk: speedOf(general), cells };
  };
  return { up: compose("up"), down: compose("down") };
}

function ownTraits(settings: LineSettings, way: Way): LineTraits | undefined {
  const { delayMs, jitterMs } = settings;
  const rate = settings[way];
  if (delayMs === 0 && jitterMs === 0 && rate === undefined) return undefined;
  return { delayMs, jitterMs, ...(rate === undefined ? {} : { rate }) };
}

/** Prefixes contain each other or have nothing in common, so each is a cell without those within it. */
function cellsOf(all: readonly LineEffect[]): (Prefix6 | undefined)[] {
  const prefixes = new Map(
    all.flatMap(({ from }) => (from === undefined ? [] : [[formatPrefix6(from), from]])),
  );
  const narrow = [...prefixes.values()].sort((one, other) => other.length - one.length);
  return all.some(({ from }) => from === undefined) ? [...narrow, undefined] : narrow;
}

function composeCell(from: Prefix6 | undefined, all: readonly LineEffect[]): LineCell {
  const pieces = all.filter(
    (piece) => piece.from === undefined || (from !== undefined && containsPrefix(piece.from, from)),
  );
  const sum = (key: "delayMs" | "jitterMs"): number =>
    pieces.reduce((total, piece) => total + (piece[key] ?? 0), 0);
  const either = (key: "corrupt" | "reorder"): number =>
    1 - pieces.reduce((none, piece) => none * (1 - (piece[key] ?? 0)), 1);
  return {
    from,
    ...speedOf(pieces.filter((piece) => piece.from !== undefined)),
    delayMs: sum("delayMs"),
    jitterMs: sum("jitterMs"),
    queueMs: Math.max(0, ...pieces.map(({ queueMs = 0 }) => queueMs)) || DEFAULT_QUEUE_MS,
    bursts: pieces.findLast(({ bursts }) => bursts !== undefined)?.bursts,
    corrupt: either("corrupt"),
    reorder: either("reorder"),
  };
}

function speedOf(pieces: readonly LineEffect[]): Speed {
  return {
    rate: least(pieces.map(({ rate }) => rate)),
    paces: pieces.flatMap(({ pace }) => pace ?? []),
  };
}
