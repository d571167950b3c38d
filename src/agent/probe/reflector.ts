import type { Socket } from "node:net";

import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { INTERNET_ADDRESS } from "../../core/model/internet/config.ts";
import { wireguardInterface } from "../../core/model/names.ts";
import { Follower } from "../serve/follower.ts";
import { Daemon } from "../supervise/daemon.ts";
import { MOST_UNSENT, PROBE } from "./program.ts";

/** Nobody waits longer for the reflector's word that all is told. */
const MARK_MS = 1000;

/** Answers probes and flows at the far side, and tells of each probe that came in to whoever wants to know. */
export class Reflector {
  readonly daemon: Daemon;
  readonly #followers = new Set<Follower>();
  #marked: (() => void)[] = [];

  constructor() {
    this.daemon = new Daemon({
      name: "reflector",
      argv: [PROBE, "reflect", INTERNET_ADDRESS, wireguardInterface("")],
      confinement: PROGRAMS.probe,
      onLine: (line) => this.#hear(line),
      onExit: () => this.#tell(`{"event":"restarted"}`),
    });
  }

  /** Tells one asker until his input ends; then what came in before that, too. */
  follow(asker: Socket): void {
    const follower = new Follower(asker, { attached: false, lastWords: cutOff, most: MOST_UNSENT });
    if (follower.gone) return;
    follower.begin(`{"event":"began"}\n`);
    this.#followers.add(follower);
    follower.onGone(() => this.#followers.delete(follower));
    const leave = (): void => {
      void this.#mark().then(() => follower.end());
    };
    if (asker.readableEnded) leave();
    else asker.once("end", leave);
  }

  /** Resolves when all is told that came in before. */
  async #mark(): Promise<void> {
    const marked = new Promise<void>((resolve) => {
      this.#marked.push(resolve);
      setTimeout(resolve, MARK_MS);
    });
    await this.daemon.signal("SIGUSR1");
    await marked;
  }

  #hear(line: string): void {
    if (!line.startsWith("[") && !line.startsWith('{"event":"mark"')) return;
    this.#tell(line);
    if (line.startsWith("[")) return;
    for (const resolve of this.#marked.splice(0)) resolve();
  }

  #tell(line: string): void {
    for (const follower of this.#followers) follower.tell(`${line}\n`);
  }
}

function cutOff(): string {
  return `{"event":"cut","resume":"arrivals"}\n`;
}
