import { spawn, type ChildProcess } from "node:child_process";

import type { LineWay, Speed } from "../../core/render/bng/line.ts";
import {
  cellKey,
  renderClass,
  renderTrunk,
  speedNow,
  type Minors,
  type TreeLine,
} from "../../core/render/bng/line-tree.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";

/** A class whose rate changes with time. */
interface Paced {
  readonly speed: Speed;
  readonly line: (rate: number | undefined) => TreeLine;
}

/** A program that is told of a change for ten times a second is not started anew for each. */
export class LinePacer {
  readonly #clock: Clock;
  #paced: readonly Paced[] = [];
  #tc: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Paces these ways from now on, and nothing else. */
  follow(ways: readonly { way: LineWay; device: string; minors: Minors }[]): void {
    this.#paced = ways
      .flatMap(({ way: { way, trunk, cells }, device, minors }) => [
        { speed: trunk, line: (rate: number | undefined) => renderTrunk(way, device, rate) },
        ...cells.map((cell) => ({
          speed: cell,
          line: (rate: number | undefined) =>
            renderClass({ way, device, minor: minors.get(cellKey(cell)) ?? 0 }, rate),
        })),
      ])
      .filter(({ speed }) => speed.paces.length > 0);
    clearTimeout(this.#timer);
    if (this.#paced.length === 0) this.stop();
    else this.#pace();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#tc?.stdin?.end();
    this.#tc = undefined;
  }

  #pace(): void {
    const nowMs = this.#clock.monotonicMs();
    const now = this.#paced.map(({ speed, line }) => ({ ...speedNow(speed, nowMs), line }));
    this.#tell(now.map(({ rate, line }) => line(rate).text));
    const nextMs = Math.min(...now.map(({ staysMs = 1000 }) => staysMs));
    this.#timer = setTimeout(() => this.#pace(), Math.max(1, Math.ceil(nextMs)));
  }

  #tell(lines: readonly string[]): void {
    if (this.#tc === undefined) {
      const tc = spawn("tc", ["-force", "-batch", "-"], { stdio: ["pipe", "ignore", "pipe"] });
      const gone = (): void => void (this.#tc === tc && (this.#tc = undefined));
      tc.stdin.on("error", gone);
      tc.on("error", gone);
      tc.on("exit", gone);
      tc.stderr
        .setEncoding("utf8")
        .on("data", (text: string) => log("warn", `pace of the line: ${text.trim()}`));
      this.#tc = tc;
    }
    this.#tc.stdin?.write(lines.map((line) => `${line}\n`).join(""));
  }
}
