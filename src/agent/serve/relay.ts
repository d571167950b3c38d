import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";

import { LAB_FOLDER } from "../../core/names.ts";
import { NO_ANSWER, parseAnswer, type AllStatusLine } from "../../core/protocol/answer.ts";
import { STAMP_START, type Stamp } from "../../core/protocol/event.ts";
import { formatRequest } from "../../core/protocol/request.ts";
import type { FollowAllOptions, ProofOptions, Request } from "../../core/protocol/verbs.ts";
import type { Clock } from "../clock.ts";
import { Follower } from "./follower.ts";

const SUFFIX = ".sock";
const PATIENCE_MS = 1500;
const LOOK_MS = 100;

/** Answers for every member of the lab: one question instead of one per container. Resolves when all have answered, or had time to. */
export async function relayStatuses(
  asker: Socket,
  proof: ProofOptions = {},
  folder = LAB_FOLDER,
): Promise<void> {
  await Promise.all(
    membersIn(folder).map(async (member) => {
      asker.write(`${await statusLine(folder, member, proof)}\n`);
    }),
  );
}

/** Passes on every event of every member, those that come later too; `gone` when one stops. */
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
  const follow = (member: string): void => {
    const place = places.get(member);
    // Only once: when it comes again it has begun anew.
    places.delete(member);
    let last: Stamp | undefined;
    const request: Request = {
      verb: "events",
      attached: true,
      ...(place === undefined ? {} : { since: place }),
      ...(nonce === undefined ? {} : { nonce }),
    };
    const stream = openTo(folder, member, request, (line) => {
      last = stampOf(line) ?? last;
      const text = line.startsWith(STAMP_START)
        ? line
        : `{"member":${JSON.stringify(member)},${line.slice(1)}`;
      if (!follower.tell(`${text}\n`)) stop();
    });
    followed.set(member, stream);
    stream.on("error", () => {});
    stream.once("close", () => {
      followed.delete(member);
      if (last === undefined) return;
      const gone: Stamp & { event: "gone" } = { ...last, at: clock.at(), event: "gone" };
      follower.tell(`${JSON.stringify(gone)}\n`);
    });
  };
  const look = (): void => {
    for (const member of membersIn(folder)) if (!followed.has(member)) follow(member);
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

/** The members that have listened, alive or not. */
export function membersIn(folder: string): string[] {
  try {
    const files = readdirSync(folder);
    return files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
  } catch {
    return [];
  }
}

/** What a member answers to `status`, or why it does not. */
function statusLine(folder: string, member: string, proof: ProofOptions): Promise<string> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const answering = openTo(folder, member, { ...proof, verb: "status" }, (line) => lines.push(line));
    let [failure, code] = ["it said nothing", "failed"];
    const timer = setTimeout(() => {
      [failure, code] = [`no answer in ${PATIENCE_MS / 1000} s`, NO_ANSWER];
      answering.destroy();
    }, PATIENCE_MS);
    answering.on("error", (error) => (failure = error.message));
    answering.once("close", () => {
      clearTimeout(timer);
      const [line] = lines;
      if (line === undefined) resolve(JSON.stringify({ member, failure, code } satisfies AllStatusLine));
      else resolve(`{"member":${JSON.stringify(member)},${wrapped(line)}}`);
    });
  });
}

function wrapped(line: string): string {
  const reply = line.startsWith('{"error":') ? parseAnswer(line) : undefined;
  if (reply?.kind !== "failure") return `"status":${line}`;
  const { error, code } = reply.failure;
  return `"failure":${JSON.stringify(error)},"code":${JSON.stringify(code)}`;
}

/** The stamp that a line begins with; parsing whole snapshots of all members would cost more than passing them on. */
function stampOf(line: string): Stamp | undefined {
  const head = /^\{"seq":\d+,"monotonicS":[\d.e+-]+,"at":"[^"]*","member":"[^"]*","role":"[^"]*"/.exec(line);
  return head === null ? undefined : (JSON.parse(`${head[0]}}`) as Stamp);
}

/** Asks a member one thing by its socket in the shared folder; its input stays open. */
function openTo(folder: string, member: string, request: Request, onLine: (line: string) => void): Socket {
  const socket = connect({ path: `${folder}/${member}${SUFFIX}`, allowHalfOpen: true });
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
