import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";

import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { failureOf } from "../../core/model/protocol/failure.ts";
import { Follower } from "../serve/follower.ts";
import { confined } from "../programs/confine.ts";
import { readLines } from "../supervise/daemon.ts";

/** Sends probes, reflects them, keeps flows (images/probe). */
export const PROBE = "/usr/local/lib/mhlab/probe";
/** Some seconds of many probes. */
export const MOST_UNSENT = 2 * 1024 * 1024;

/** What the program ends with when its own lines were not taken. */
const EXIT_CUT = 75;
/** An experiment has a flow or two per node, and one set of probes. */
const MOST_PROGRAMS = 32;
/** Nobody probes for longer; who does asks again. */
const LONGEST_MS = 24 * 3600 * 1000;
/** It waits 2 s for its last answers. */
const KILL_AFTER_MS = 4000;

const running = new Set<ChildProcess>();

/**
 * Runs the probe program for one asker and hands him its lines. It is asked to end when the asker's input does, and tells what it
 * still knows; it ends with the asker. Throws when too many run already.
 */
export function tellProgram(asker: Socket, words: readonly string[], request: string): void {
  if (running.size >= MOST_PROGRAMS) throw new Error(`${MOST_PROGRAMS} probes and flows run here already`);
  const lastWords = (): string => `${JSON.stringify({ event: "cut", resume: request })}\n`;
  const follower = new Follower(asker, { attached: false, lastWords, most: MOST_UNSENT });
  if (follower.gone) return;
  const [program = "", ...args] = confined([PROBE, ...words], PROGRAMS.probe);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (killer !== undefined) return;
    child.kill("SIGTERM");
    killer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  };
  const longest = setTimeout(stop, LONGEST_MS);
  let complaint = "";
  wholeLines(child.stdout, (text) => {
    if (!follower.tell(text)) stop();
  });
  readLines(child.stderr, (line) => (complaint = line));
  child.once("error", (error) => (complaint = error.message));
  child.once("close", (code) => {
    running.delete(child);
    clearTimeout(longest);
    clearTimeout(killer);
    if (code === 0) follower.end();
    else if (code === EXIT_CUT) follower.end(lastWords());
    else
      follower.end(`${JSON.stringify(failureOf(new Error(complaint || "the probe program was ended")))}\n`);
  });
  follower.onGone(stop);
  if (asker.readableEnded) stop();
  else asker.once("end", stop);
}

/** Calls back with one or more complete lines, with their ends. */
function wholeLines(stream: NodeJS.ReadableStream, onText: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (piece: string) => {
    const end = piece.lastIndexOf("\n") + 1;
    if (end === 0) rest += piece;
    else {
      onText(rest + piece.slice(0, end));
      rest = piece.slice(end);
    }
  });
}
