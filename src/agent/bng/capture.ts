import { readdirSync, rmSync } from "node:fs";
import { CAPTURE_FILES, CAPTURE_FOLDER, recordingCapture } from "../../core/render/capture/commands.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { log } from "../log.ts";
import { makeOwnFolder } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";

/** A provider does not wait longer for its recorder: late packets are better than no provider. */
const PATIENCE_MS = 3000;

/** Records every packet into a ring of files; it listens to all interfaces, so it can be there before they are. */
export class Recorder {
  readonly #daemon: Daemon;
  #onListening: () => void = () => {};

  constructor() {
    this.#daemon = new Daemon({
      name: "tcpdump",
      // Each run has files of its own; `-w` would write over those of the run before.
      argv: [
        "sh",
        "-c",
        'exec "$@" -w "$0/$(date -u +%Y%m%dT%H%M%S.%N).pcap"',
        CAPTURE_FOLDER,
        ...recordingCapture(),
      ],
      confinement: PROGRAMS.tcpdump,
      before: makeRoom,
      onLine: (line) => {
        if (line.includes("listening on")) this.#onListening();
        else if (!/^tcpdump: (WARNING|data link)|packets? /.test(line)) log("warn", `tcpdump: ${line}`);
      },
    });
  }

  /** Resolves when it listens, so that what comes up after that is seen from its first packet. */
  async start(): Promise<void> {
    const listening = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      this.#onListening = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    await this.#daemon.start();
    if (await listening) log("info", `recording packets into ${CAPTURE_FOLDER}`);
    else log("warn", "tcpdump does not listen yet, going on without the first packets");
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
  }
}

/** Leaves the newest files of earlier runs, as many as a run may have. */
function makeRoom(): void {
  makeOwnFolder(CAPTURE_FOLDER, PROGRAMS.tcpdump);
  const files = readdirSync(CAPTURE_FOLDER).sort();
  for (const file of files.slice(0, Math.max(0, files.length - CAPTURE_FILES))) {
    rmSync(`${CAPTURE_FOLDER}/${file}`);
  }
}
