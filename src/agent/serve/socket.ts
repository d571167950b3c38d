import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { hostname } from "node:os";

import { AGENT_SOCKET, LAB_FOLDER } from "../../core/names.ts";
import { log, reasonOf } from "../log.ts";
import { answerForAll } from "./all.ts";
import { EventStreams } from "./event-streams.ts";
import { listen, send, type Answer } from "./listen.ts";

/** A verb of the agent's protocol: gets the words after it, returns what is printed as one JSON line. */
export type Verb = (words: readonly string[]) => Promise<unknown>;

export interface AgentServer<S> {
  /** Sends the present status to every events stream that was told another one. */
  publish(): Promise<void>;
  close(): void;
  readonly status: () => Promise<S>;
}

/**
 * Serves one line per request on the agent's socket: `status`, `events`, `all status`, `all events`, and the verbs given.
 * An answer is one JSON line; a failure is `{"error": …}`. The lab's other members may ask `status` and `events` only.
 * Listens when the promise resolves.
 */
export async function serveAgent<S>(
  status: () => Promise<S>,
  verbs: Record<string, Verb> = {},
): Promise<AgentServer<S>> {
  const streams = new EventStreams(status);
  const harmless: Record<string, Handler> = {
    status: once(status),
    events: (socket, words) => streams.open(socket, words),
  };
  const own = Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, once(verb)]));
  const servers = [await listen(AGENT_SOCKET, answerWith({ ...harmless, all: answerForAll, ...own }))];
  if (existsSync(LAB_FOLDER)) {
    try {
      servers.push(await listen(`${LAB_FOLDER}/${hostname()}.sock`, answerWith(harmless)));
    } catch (error) {
      // Everybody can still ask by the agent's own socket.
      log("warn", `the lab's other members cannot ask: ${reasonOf(error)}`);
    }
  }
  return {
    status,
    publish: () => streams.publish(),
    close: () => {
      streams.close();
      for (const server of servers) server.close();
    },
  };
}

type Handler = (socket: Socket, words: readonly string[]) => Promise<void>;

function once(verb: Verb): Handler {
  return async (socket, words) => {
    send(socket, await verb(words));
    socket.end();
  };
}

function answerWith(known: Record<string, Handler>): Answer {
  return async (socket, line) => {
    const [verb = "", ...words] = line.trim().split(/\s+/);
    const handler = Object.hasOwn(known, verb) ? known[verb] : undefined;
    if (handler !== undefined) return await handler(socket, words);
    send(socket, { error: `unknown request '${verb}'; known are ${Object.keys(known).join(", ")}` });
    socket.end();
  };
}
