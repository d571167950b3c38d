import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";

import { LAB_FOLDER } from "../../core/names.ts";
import { send } from "./listen.ts";

const SUFFIX = ".sock";
const PATIENCE_MS = 2000;
const LOOK_MS = 100;

/** Answers `all status` and `all events` in the name of every member of the lab: one question instead of one per container. */
export async function answerForAll(socket: Socket, words: readonly string[]): Promise<void> {
  const [verb, ...more] = words;
  if (verb === "status") {
    await Promise.all(members().map((member) => askOne(member, socket)));
    socket.end();
  } else if (verb === "events") followAll(socket, more);
  else throw new Error(`unknown request 'all ${words.join(" ")}'; known are all status, all events`);
}

/** The members that have listened, alive or not. */
function members(): string[] {
  try {
    const files = readdirSync(LAB_FOLDER);
    return files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
  } catch {
    return [];
  }
}

/** Passes on `{"member": …, "status": …}`, or `"failure"` with the reason. */
function askOne(member: string, asker: Socket): Promise<void> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const answering = openTo(member, "status", (line) => lines.push(line));
    let failure = "it said nothing";
    const timer = setTimeout(() => {
      failure = `no answer in ${PATIENCE_MS / 1000} s`;
      answering.destroy();
    }, PATIENCE_MS);
    answering.on("error", (error) => (failure = error.message));
    answering.once("close", () => {
      clearTimeout(timer);
      const [line] = lines;
      if (line === undefined) send(asker, { member, failure });
      else asker.write(`{"member":${JSON.stringify(member)},"status":${line}}\n`);
      resolve();
    });
  });
}

/** Passes on every event of every member, those that come later too, with the member's name in it; `gone` when one stops. */
function followAll(asker: Socket, words: readonly string[]): void {
  const followed = new Map<string, Socket>();
  const follow = (member: string): void => {
    let heard = false;
    const stream = openTo(member, "events attached", (line) => {
      heard = true;
      asker.write(`{"member":${JSON.stringify(member)},${line.slice(1)}\n`);
    });
    followed.set(member, stream);
    stream.on("error", () => {});
    stream.once("close", () => {
      followed.delete(member);
      if (heard) send(asker, { member, event: "gone" });
    });
  };
  const look = (): void => {
    for (const member of members()) if (!followed.has(member)) follow(member);
  };
  const timer = setInterval(look, LOOK_MS);
  if (words[0] === "attached") {
    if (asker.readableEnded) asker.end();
    else asker.once("end", () => asker.end());
  }
  asker.once("close", () => {
    clearInterval(timer);
    for (const stream of followed.values()) stream.destroy();
  });
  look();
}

/** Asks a member one thing by its socket in the shared folder; its input stays open. */
function openTo(member: string, request: string, onLine: (line: string) => void): Socket {
  const socket = connect({ path: `${LAB_FOLDER}/${member}${SUFFIX}`, allowHalfOpen: true });
  let rest = "";
  socket.setEncoding("utf8");
  socket.once("connect", () => socket.write(`${request}\n`));
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  socket.once("end", () => socket.end());
  return socket;
}
