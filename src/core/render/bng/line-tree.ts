/**
 * The queues of a subscriber line in the kernel (tc). Each way has a device with an HTB at its root, made before anything is
 * served there; whatever no class is about passes it directly. Classes come, change and go beneath it, so no packet is
 * lost when a fault comes, changes or goes.
 */
import { least } from "../../model/least.ts";
import type { Way } from "../../model/faults/fault.ts";
import { meanRate, rateAt, stretchesOf } from "../../model/faults/trace.ts";
import { formatPrefix6 } from "../../model/ip6.ts";
import type { LineCell, LineWay, Speed } from "./line.ts";

/** The device whose queue is the line upstream: what arrives by the port is led through it. */
export const UPSTREAM_DEVICE = "line-up";
/** Handles of mhlab; no other program of the BNG makes queues. */
const ROOT: Readonly<Record<Way, string>> = { down: "6d0:", up: "6e0:" };
/** Packets that wait in a class directly beneath the root; the usual of Linux. */
const DIRECT_PACKETS = 1000;
const TRUNK = 1;
const FIRST_CELL = 2;
/** The handle of a leaf ends with the number of its class. */
const LAST_CELL = 15;

const UNBOUND = 100_000_000_000;
/** The kernel keeps a burst as a time of 32 bits: a slower class would get none that a packet fits into. */
const SLOWEST = 80;
/** A child that has nothing of its own borrows all from the trunk, which is what bounds them together. */
const NOTHING = SLOWEST;
const FRAME_BYTES = 1514;
const BURST_S = 0.01;
const MOST_BURST_BYTES = 1_000_000;
const MOST_PACKETS = 100_000;
const LEAST_PACKETS = 16;

/** What the kernel can queue with; without netem no packet can be late, and none be wrong. */
export type Leaf = "netem" | "pfifo";

/** What a kernel without netem is asked for all the same. */
export class LacksNetem extends Error {
  constructor() {
    super(
      "this kernel has no netem (module sch_netem), and delay, jitter, bursts of loss, wrong bits and another order need it; loss, duplicates and rates work without",
    );
    this.name = "LacksNetem";
  }
}

/** Numbers of classes by the prefix of their cell, "" for the rest. */
export type Minors = ReadonlyMap<string, number>;

/** The name of a cell among those of its way. */
export function cellKey({ from }: Pick<LineCell, "from">): string {
  return from === undefined ? "" : formatPrefix6(from);
}

/** The commands of tc that make the root of a way on its device. */
export function renderRoot(way: Way, device: string): string {
  return `qdisc replace dev ${device} root handle ${ROOT[way]} htb default 0 direct_qlen ${DIRECT_PACKETS}`;
}

/** Which class a packet is put into, for nftables and tc. */
export function classId(way: Way, minor: number): string {
  return `${ROOT[way]}${minor.toString(16)}`;
}

/** Gives a number to each cell; those that have one keep it, and those of classes that still empty are not taken. */
export function numberCells(cells: readonly LineCell[], before: Minors): Minors {
  const keys = cells.map(cellKey);
  const taken = new Set(before.values());
  const free = Array.from({ length: LAST_CELL - FIRST_CELL + 1 }, (_, index) => FIRST_CELL + index).filter(
    (minor) => !taken.has(minor),
  );
  const found = new Map(before);
  for (const key of keys) {
    if (found.has(key)) continue;
    const minor = free.shift();
    if (minor === undefined)
      throw new Error(`a line tells at most ${LAST_CELL - FIRST_CELL} prefixes apart on each way`);
    found.set(key, minor);
  }
  return found;
}

/** A class or a leaf, as tc is told to make or change it. */
export interface TreeLine {
  readonly key: string;
  readonly text: string;
}

export interface TreeOptions {
  readonly device: string;
  readonly minors: Minors;
  readonly leaf: Leaf;
  /** Of the agent's monotonic clock, by which traces are followed. */
  readonly nowMs: number;
}

/** The classes and leaves of a way at a time. Throws LacksNetem. */
export function renderTree(
  { way, trunk, cells }: LineWay,
  { device, minors, leaf, nowMs }: TreeOptions,
): TreeLine[] {
  if (cells.length === 0) return [];
  return [
    renderTrunk(way, device, speedNow(trunk, nowMs).rate),
    ...cells.flatMap((cell) => {
      const minor = minors.get(cellKey(cell)) ?? FIRST_CELL;
      const whole = { rate: least([trunk.rate, cell.rate]), paces: [...trunk.paces, ...cell.paces] };
      return [
        renderClass({ way, device, minor }, speedNow(cell, nowMs).rate),
        {
          key: `leaf ${minor}`,
          text: `qdisc replace dev ${device} parent ${classId(way, minor)} handle ${leafHandle(way, minor)} ${leafOf(cell, whole, leaf)}`,
        },
      ];
    }),
  ];
}

/** The line that sets how fast all of a way is. */
export function renderTrunk(way: Way, device: string, rate: number | undefined): TreeLine {
  const id = classId(way, TRUNK);
  return {
    key: `class ${TRUNK}`,
    text: `class replace dev ${device} parent ${ROOT[way]} classid ${id} htb ${bounds(rate, rate)}`,
  };
}

/** The line that sets how fast one cell is, within what the trunk has. */
export function renderClass(
  { way, device, minor }: { way: Way; device: string; minor: number },
  rate: number | undefined,
): TreeLine {
  return {
    key: `class ${minor}`,
    text: `class replace dev ${device} parent ${classId(way, TRUNK)} classid ${classId(way, minor)} htb ${bounds(NOTHING, rate)}`,
  };
}

/** The commands that take those of these classes away that are there; the trunk goes with the last cell. */
export function renderRemoval(
  way: Way,
  device: string,
  minors: readonly number[],
  { trunk, there }: { trunk: "stays" | "goes"; there: ReadonlyMap<string, unknown> },
): string[] {
  return [...minors, ...(trunk === "goes" ? [TRUNK] : [])]
    .map((minor) => classId(way, minor))
    .filter((id) => there.has(id))
    .map((id) => `class del dev ${device} classid ${id}`);
}

/** The classes that are there, and whether packets are in each, from what `tc -s -j class show` prints. */
export function parseClasses(json: string): ReadonlyMap<string, "empty" | "busy"> {
  const classes = JSON.parse(json.trim() || "[]") as {
    handle?: string;
    stats?: { qlen?: number; backlog?: number };
  }[];
  return new Map(
    classes.map(({ handle = "", stats: { qlen = 0, backlog = 0 } = {} }) => [
      handle,
      qlen + backlog > 0 ? "busy" : "empty",
    ]),
  );
}

/** How fast something is at a time of the agent's monotonic clock, and for how many milliseconds it stays so. */
export function speedNow(
  { rate, paces }: Speed,
  nowMs: number,
): { rate: number | undefined; staysMs: number | undefined } {
  const now = paces.map(({ trace, sinceMs }) =>
    rateAt(trace, stretchesOf(trace), Math.max(0, nowMs - sinceMs)),
  );
  return {
    rate: least([rate, ...now.map((one) => one.rate)]),
    staysMs: least(now.map(({ staysMs }) => staysMs)),
  };
}

/** A burst of what fits into a late timer, and of one packet at least. */
function bounds(rate: number | undefined, ceiling: number | undefined): string {
  const words = (name: string, burst: string, wanted = UNBOUND): string => {
    const bits = Math.max(SLOWEST, wanted);
    const bytes = Math.min(MOST_BURST_BYTES, Math.ceil((bits / 8) * BURST_S));
    return `${name} ${bits}bit ${burst} ${Math.max(FRAME_BYTES + 2, bytes)}b`;
  };
  return `${words("rate", "burst", rate)} ${words("ceil", "cburst", ceiling)} quantum ${FRAME_BYTES}`;
}

function leafHandle(way: Way, minor: number): string {
  return `${ROOT[way].slice(0, -2)}${minor.toString(16)}:`;
}

/** Every word each time: what netem is not told it keeps from before. */
function leafOf(cell: LineCell, speed: Speed, leaf: Leaf): string {
  const limit = packetsIn(cell, speed);
  const { delayMs, jitterMs, bursts, corrupt, reorder } = cell;
  if (leaf === "pfifo") {
    if (delayMs + jitterMs + corrupt + reorder > 0 || bursts !== undefined) throw new LacksNetem();
    return `pfifo limit ${limit}`;
  }
  // With a rate netem keeps the order, whatever the jitter.
  const order = jitterMs > 0 && reorder === 0 ? `${UNBOUND}bit` : "0bit";
  return [
    `netem limit ${limit} delay ${delayMs}ms ${jitterMs}ms`,
    ...(bursts === undefined
      ? []
      : [
          `loss gemodel ${[bursts.goodToBad, bursts.badToGood, bursts.lossInBad, bursts.lossInGood].map(percent).join(" ")}`,
        ]),
    `corrupt ${percent(corrupt)}`,
    ...(reorder > 0 ? [`reorder ${percent(reorder)}`] : []),
    `rate ${order}`,
  ].join(" ");
}

/** Room for what is under way, and for a queue that takes its time at the rate. */
function packetsIn({ delayMs, jitterMs, queueMs }: LineCell, { rate, paces }: Speed): number {
  const slowest = least([rate, ...paces.map(({ trace }) => meanRate(trace))]);
  if (slowest === undefined) return MOST_PACKETS;
  const seconds = (delayMs + jitterMs + queueMs) / 1000;
  const packets = Math.ceil((slowest * seconds) / 8 / FRAME_BYTES);
  return Math.min(MOST_PACKETS, Math.max(LEAST_PACKETS, packets));
}

function percent(share: number): string {
  return `${Math.round(share * 1_000_000) / 10_000}%`;
}
