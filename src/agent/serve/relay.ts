import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";

import { LAB_FOLDER } from "../../core/model/names.ts";
import { NO_ANSWER, parseAnswer, type AllStatusLine } from "../../core/model/protocol/answer.ts";
import { STAMP_START, type Stamp } from "../../core/model/protocol/event.ts";
import { formatRequest } from "../../core/model/protocol/request.ts";
import type { FollowAllOptions, ProofOptions, Request } from "../../core/model/protocol/verbs.ts";
import type { Clock } from "../clock.ts";
import { Follower } from "./follower.ts";

const SUFFIX = ".sock";
const PATIENCE_MS = 1500;
const LOOK_MS = 100;

/** Answers for every node of the lab: one question instead of one per container. Resolves when all have answered, or had time to. */
export async function relayStatuses(
  asker: Socket,
  proof: ProofOptions = {},
  folder = LAB_FOLDER,
): Promise<void> {
  await Promise.all(
    nodesIn(folder).map(async (node) => {
      asker.write(`${await statusLine(folder, node, proof)}\n`);
    }),
  );
}

/** Passes on every event of every node, those that come later too; `gone` when one stops. */
export function relayEvents(
  asker: Socket,
  { attached, since = {}, nonce }: FollowAllOptions,
  clock: Clock,
  folder = LAB_FOLDER,
): void {
  const follower = new Follower(asker, { attached, lastWords: cutOff });
  if (follower.gone) return;
  const followed = new Map<string, Socket>();
  const places = new Map(Object.entries(since));
  const follow = (node: string): void => {
    const place = places.get(node);
    // Only once: when it comes again it has begun anew.
    places.delete(node);
    let last: Stamp | undefined;
    const request: Request = {
      verb: "events",
      attached: true,
      ...(place === undefined ? {} : { since: place }),
      ...(nonce === undefined ? {} : { nonce }),
    };
    const stream = openTo(folder, node, request, (line) => {
      last = stampOf(line) ?? last;
      const text = line.startsWith(STAMP_START) ? line : `{"node":${JSON.stringify(node)},${line.slice(1)}`;
      if (!follower.tell(`${text}\n`)) stop();
    });
    followed.set(node, stream);
    stream.on("error", () => {});
    stream.once("close", () => {
      followed.delete(node);
      if (last === undefined) return;
      const gone: Stamp & { event: "gone" } = { ...last, at: clock.at(), event: "gone" };
      follower.tell(`${JSON.stringify(gone)}\n`);
    });
  };
  const look = (): void => {
    for (const node of nodesIn(folder)) if (!followed.has(node)) follow(node);
  };
  const timer = setInterval(look, LOOK_MS);
  const stop = (): void => {
    clearInterval(timer);
    for (const stream of followed.values()) stream.destroy();
  };
  follower.onGone(stop);
  look();
}

/** What one is told who does not read; whoever asks again names the places that he knows. */
function cutOff(): string {
  return `${JSON.stringify({ event: "cut", resume: "all events" })}\n`;
}

/** The nodes that have listened, alive or not. */
export function nodesIn(folder: string): string[] {
  try {
    const files = readdirSync(folder);
    return files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
  } catch {
    return [];
  }
}

/** What a node answers to `status`, or why it does not. */
function statusLine(folder: string, node: string, proof: ProofOptions): Promise<string> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const answering = openTo(folder, node, { ...proof, verb: "status" }, (line) => lines.push(line));
    let [failure, code] = ["it said nothing", "failed"];
    const timer = setTimeout(() => {
      [failure, code] = [`no answer in ${PATIENCE_MS / 1000} s`, NO_ANSWER];
      answering.destroy();
    }, PATIENCE_MS);
    answering.on("error", (error) => (failure = error.message));
    answering.once("close", () => {
      clearTimeout(timer);
      const [line] = lines;
      if (line === undefined) resolve(JSON.stringify({ node, failure, code } satisfies AllStatusLine));
      else resolve(`{"node":${JSON.stringify(node)},${wrapped(line)}}`);
    });
  });
}

function wrapped(line: string): string {
  const reply = line.startsWith('{"error":') ? parseAnswer(line) : undefined;
  if (reply?.kind !== "failure") return `"status":${line}`;
  const { error, code } = reply.failure;
  return `"failure":${JSON.stringify(error)},"code":${JSON.stringify(code)}`;
}

/** The stamp that a line begins with; parsing whole snapshots of all nodes would cost more than passing them on. */
function stampOf(line: string): Stamp | undefined {
  const head = /^\{"seq":\d+,"monotonicS":[\d.e+-]+,"at":"[^"]*","node":"[^"]*","role":"[^"]*"/.exec(line);
  return head === null ? undefined : (JSON.parse(`${head[0]}}`) as Stamp);
}

/** Asks a node one thing by its socket in the shared folder; its input stays open. */
function openTo(folder: string, node: string, request: Request, onLine: (line: string) => void): Socket {
  const socket = connect({ path: `${folder}/${node}${SUFFIX}`, allowHalfOpen: true });
  let rest = "";
  socket.setEncoding("utf8");
  socket.once("connect", () => socket.write(`${formatRequest(request)}\n`));
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  socket.once("end", () => socket.end());
  return socket;
}
