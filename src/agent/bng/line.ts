import { reasonOf } from "../../core/model/errors.ts";
import type { BngConfig } from "../../core/render/bng/config.ts";
import { composeLine, type LineWay } from "../../core/render/bng/line.ts";
import { lineDevice } from "../../core/render/bng/fault-rules.ts";
import { NO_LINE_RULES, renderLineRules } from "../../core/render/bng/line-rules.ts";
import {
  cellKey,
  classId,
  numberCells,
  parseClasses,
  renderRemoval,
  renderRoot,
  renderTree,
  UPSTREAM_DEVICE,
  type Leaf,
  type Minors,
} from "../../core/render/bng/line-tree.ts";
import type { Effects } from "../../core/model/faults/effects.ts";
import { waysOf, type Way } from "../../core/model/faults/fault.ts";
import type { Clock } from "../clock.ts";
import { fingerprint } from "../fingerprint.ts";
import type { Intent } from "../intent/intent.ts";
import { log } from "../log.ts";
import { CommandError, run } from "../programs/command.ts";
import { runIp } from "../programs/ip.ts";
import { loadRules } from "../net/nft.ts";
import { isPresent } from "../net/glance.ts";
import { Loop } from "../supervise/loop.ts";
import { LinePacer } from "./line-pacer.ts";

const CHECK_MS = 60_000;
/** Nobody hears it, but it would be another one after each start. */
const UPSTREAM_MAC = "02:00:00:00:00:01";
/** How soon a class that nothing is put into any more is looked at again, until it is empty. */
const DRAIN_MS = 50;
const WAYS = waysOf("both");

/** One way as it is in the kernel. */
interface Made {
  /** Why its queue cannot be made; undefined when it can. */
  lack: string | undefined;
  /** What tc was told last of each class and leaf. */
  lines: Map<string, string>;
  minors: Minors;
  cells: LineWay["cells"];
}

/** The effects that are about the line. */
export type LineEffects = Pick<Effects, "line" | "packets">;

/** Keeps the queues of the subscriber line equal to what settings and faults want, without losing a packet. */
export class LineKeeper {
  readonly #intent: Intent<BngConfig>;
  readonly #effects: () => LineEffects;
  readonly #clock: Clock;
  readonly #pacer: LinePacer;
  readonly loop = new Loop("subscriber line", CHECK_MS, () => this.#follow());
  #made: Record<Way, Made> = { up: nothing("it is not there yet"), down: nothing("it is not there yet") };
  /** Of a port that was not seen yet. */
  #isNew = false;
  /** What is loaded; undefined when that died with its port. */
  #rules: string | undefined = NO_LINE_RULES;
  #leaf: Leaf = "netem";
  #paced = "";
  #drain: NodeJS.Timeout | undefined;

  /** `effects` tells what faults want, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, clock: Clock, effects: () => LineEffects) {
    this.#intent = intent;
    this.#effects = effects;
    this.#clock = clock;
    this.#pacer = new LinePacer(clock);
  }

  start(): void {
    this.loop.start();
  }

  stop(): void {
    this.loop.stop();
    this.#pacer.stop();
    clearTimeout(this.#drain);
  }

  /** Makes the roots for a new port, while nothing is served there yet: later, packets would be lost by it. */
  async reload(): Promise<void> {
    this.#isNew = true;
    await this.loop.once();
  }

  get #port(): string {
    return this.#intent.config.subscriber.interface;
  }

  /** Makes the roots of both ways, each for itself where one of them cannot be made. */
  async #roots(): Promise<void> {
    const lack = (way: Way, module: string) => (error: unknown) => {
      this.#made[way].lack = `this kernel cannot queue what goes ${way} (${module}): ${reasonOf(error)}`;
    };
    const roots = { up: "modules ifb and sch_htb", down: "module sch_htb" };
    const root = (way: Way): string => renderRoot(way, lineDevice(way, this.#port));
    try {
      await makeUpstreamDevice();
      await runTc(WAYS.map(root));
    } catch {
      for (const way of WAYS) {
        const made = way === "up" ? makeUpstreamDevice() : Promise.resolve();
        await made.then(() => runTc([root(way)])).catch(lack(way, roots[way]));
      }
    }
  }

  async #follow(): Promise<void> {
    const port = this.#port;
    if (!isPresent(port)) return;
    if (this.#isNew) {
      this.#isNew = false;
      this.#made = { up: nothing(undefined), down: nothing(undefined) };
      if (this.#rules !== NO_LINE_RULES) this.#rules = undefined;
      await this.#roots();
    }
    const wanted = composeLine(this.#intent.config.line, this.#effects());
    for (const way of WAYS) {
      const { lack } = this.#made[way];
      if (wanted[way].queued && lack !== undefined) throw new Error(lack);
    }
    const minors = {
      up: numberCells(wanted.up.cells, this.#made.up.minors),
      down: numberCells(wanted.down.cells, this.#made.down.minors),
    };
    for (const way of WAYS) await this.#grow(wanted[way], minors[way]);
    await this.#classify(renderLineRules(wanted, minors, port));
    for (const way of WAYS) await this.#shrink(wanted[way]);
    this.#pace(wanted);
  }

  /** Makes and changes classes and leaves; those that go are left alone. */
  async #grow(wanted: LineWay, minors: Minors): Promise<void> {
    const made = this.#made[wanted.way];
    made.minors = minors;
    if (wanted.cells.length === 0) return;
    const device = lineDevice(wanted.way, this.#port);
    const render = (): ReturnType<typeof renderTree> =>
      renderTree(wanted, { device, minors, leaf: this.#leaf, nowMs: this.#clock.monotonicMs() });
    try {
      await this.#tell(made, render());
    } catch (error) {
      if (this.#leaf === "pfifo" || !lacksNetem(error)) throw error;
      this.#leaf = "pfifo";
      log("info", "this kernel has no netem: lines have loss, duplicates and rates only");
      await this.#tell(made, render());
    }
    made.cells = wanted.cells;
  }

  async #tell(made: Made, lines: ReturnType<typeof renderTree>): Promise<void> {
    const changed = lines.filter(({ key, text }) => made.lines.get(key) !== text);
    if (changed.length === 0) return;
    // Where tc stops, nobody knows what it did.
    for (const { key } of changed) made.lines.delete(key);
    await runTc(changed.map(({ text }) => text));
    for (const { key, text } of changed) made.lines.set(key, text);
  }

  async #classify(rules: string): Promise<void> {
    if (rules === this.#rules) return;
    await loadRules(rules);
    this.#rules = rules;
  }

  /** Takes away classes that nothing is put into any more, once they are empty. */
  async #shrink(wanted: LineWay): Promise<void> {
    const { way } = wanted;
    const made = this.#made[way];
    const stay = new Set(wanted.cells.map(cellKey));
    const going = [...made.minors].filter(([key]) => !stay.has(key));
    if (going.length === 0) return;
    const device = lineDevice(way, this.#port);
    await this.#release(
      wanted,
      device,
      going.map(([key]) => key),
    );
    const there = parseClasses(await run(["tc", "-s", "-j", "class", "show", "dev", device]));
    const empty = going.filter(([, minor]) => there.get(classId(way, minor)) !== "busy");
    const last = stay.size === 0 && empty.length === going.length;
    const numbers = empty.map(([, minor]) => minor);
    const lines = renderRemoval(way, device, numbers, { trunk: last ? "goes" : "stays", there });
    if (lines.length > 0) await runTc(lines);
    const gone = new Set(empty.map(([key]) => key));
    made.minors = new Map([...made.minors].filter(([key]) => !gone.has(key)));
    for (const minor of numbers) for (const what of ["class", "leaf"]) made.lines.delete(`${what} ${minor}`);
    if (last) made.lines.clear();
    if (empty.length < going.length) {
      clearTimeout(this.#drain);
      this.#drain = setTimeout(() => this.loop.poke(), DRAIN_MS);
    }
  }

  /** What still waits goes as fast as it can. */
  async #release(wanted: LineWay, device: string, keys: readonly string[]): Promise<void> {
    const made = this.#made[wanted.way];
    const free = { rate: undefined, paces: [] };
    const cells = made.cells.filter((cell) => keys.includes(cellKey(cell)));
    const trunk = wanted.cells.length === 0 ? free : wanted.trunk;
    const way = { ...wanted, trunk, cells: cells.map((cell) => ({ ...cell, ...free })) };
    const lines = renderTree(way, {
      device,
      minors: made.minors,
      leaf: this.#leaf,
      nowMs: this.#clock.monotonicMs(),
    });
    await this.#tell(
      made,
      lines.filter(({ key }) => key.startsWith("class")),
    );
  }

  /** A trace that is followed already is not begun anew. */
  #pace(wanted: Readonly<Record<Way, LineWay>>): void {
    const key = fingerprint(wanted);
    if (key === this.#paced) return;
    this.#paced = key;
    this.#pacer.follow(
      WAYS.map((way) => ({
        way: wanted[way],
        device: lineDevice(way, this.#port),
        minors: this.#made[way].minors,
      })),
    );
  }
}

function nothing(lack: string | undefined): Made {
  return { lack, lines: new Map(), minors: new Map(), cells: [] };
}

/** What is there was another port's: its root cannot be made again, and its classes would stay. */
async function makeUpstreamDevice(): Promise<void> {
  await runIp([
    ...(isPresent(UPSTREAM_DEVICE) ? [`link del ${UPSTREAM_DEVICE}`] : []),
    `link add ${UPSTREAM_DEVICE} address ${UPSTREAM_MAC} type ifb`,
    `link set ${UPSTREAM_DEVICE} addrgenmode none`,
    `link set ${UPSTREAM_DEVICE} up`,
  ]);
}

async function runTc(lines: readonly string[]): Promise<void> {
  await run(["tc", "-batch", "-"], { input: `${lines.join("\n")}\n` });
}

function lacksNetem(error: unknown): boolean {
  return error instanceof CommandError && /qdisc kind is unknown/i.test(error.stderr);
}
