import { reasonOf } from "../../core/model/errors.ts";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { hostname } from "node:os";

import { AGENT_SOCKET, LAB_FOLDER } from "../../core/model/names.ts";
import { PROTOCOL } from "../../core/model/protocol/answer.ts";
import type { FaultEvent, Stamp } from "../../core/model/protocol/event.ts";
import type { StatusShape } from "../../core/model/protocol/patch.ts";
import { RequestError } from "../../core/model/protocol/failure.ts";
import { formatRequest, parseRequest, type Way } from "../../core/model/protocol/request.ts";
import type {
  AnswerTo,
  OneLineVerb,
  Request,
  RequestOf,
  StreamVerb,
} from "../../core/model/protocol/verbs.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { randomHex } from "../random.ts";
import { Feed } from "./feed.ts";
import { Journal } from "./journal.ts";
import { listen, send, type Answer } from "./listen.ts";
import { nodesIn, relayEvents, relayStatuses } from "./relay.ts";
import { signerFor } from "./signing.ts";

/** What a role answers to the verbs that not every role has. */
export type Handlers = {
  readonly [V in Exclude<OneLineVerb, "status">]?: (
    request: RequestOf<V>,
  ) => AnswerTo<V> | Promise<AnswerTo<V>>;
};

/** What a role answers with lines until its asker has enough; each keeps the connection until then. */
export type Streams = {
  readonly [V in StreamVerb]?: (request: RequestOf<V>, asker: Socket) => void | Promise<void>;
};

export interface Served {
  readonly handlers: Handlers;
  readonly streams?: Streams | undefined;
  readonly node: string;
  readonly role: Stamp["role"];
  /** The schema of the node's status: only its own, so that an agent is small. */
  readonly shape: StatusShape;
  readonly clock: Clock;
  /** As `Appliance.status`. */
  status(maxAgeMs?: number): Promise<NodeStatus>;
  /** Told when somebody begins to follow, and when nobody does any more. */
  observed(observed: boolean): void;
}

export interface AgentServer {
  /** Tells those who follow what changed. */
  publish(sinceMs?: number): void;
  /** Tells those who follow what happened, and the status after it. */
  record(event: FaultEvent): void;
  close(): void;
}

/**
 * Speaks the protocol (docs/protocol.md) on the agent's own socket, and what cannot do harm on the one that the lab's other
 * nodes reach. Listens when the promise resolves.
 */
export async function serveAgent(served: Served): Promise<AgentServer> {
  const { node, role, clock } = served;
  const epoch = randomHex(6);
  const feed = new Feed(
    { ...served, labSize: () => nodesIn(LAB_FOLDER).length },
    new Journal({ node, role, epoch, clock }),
    clock,
  );
  const servers = [await listen(AGENT_SOCKET, answerBy("own", served, feed))];
  if (existsSync(LAB_FOLDER)) {
    try {
      servers.push(await listen(`${LAB_FOLDER}/${hostname()}.sock`, answerBy("shared", served, feed)));
    } catch (error) {
      // Everybody can still ask by the agent's own socket.
      log("warn", `the lab's other nodes cannot ask: ${reasonOf(error)}`);
    }
  }
  return {
    publish: (sinceMs) => feed.publish(sinceMs),
    record: (event) => feed.record(event),
    close: () => {
      feed.close();
      for (const server of servers) server.close();
    },
  };
}

/** Answers requests that come by one way. */
export function answerBy(way: Way, served: Served, feed: Feed): Answer {
  return async (socket, line) => await answer(socket, parseRequest(line, way), served, feed);
}

async function answer(socket: Socket, request: Request, served: Served, feed: Feed): Promise<void> {
  switch (request.verb) {
    case "events":
      return await feed.open(socket, request);
    case "allEvents":
      return relayEvents(socket, request, served.clock);
    case "allStatus":
      await relayStatuses(socket, request);
      return void socket.end();
    case "status":
      sendStatus(socket, { protocol: PROTOCOL, ...(await served.status()) }, request.nonce);
      return void socket.end();
    case "probe":
    case "flow":
    case "arrivals": {
      const stream = served.streams?.[request.verb] as
        | ((one: Request, asker: Socket) => void | Promise<void>)
        | undefined;
      if (stream === undefined) throw unknownTo(served.role, request);
      return await stream(request, socket);
    }
    default: {
      const handler = served.handlers[request.verb] as ((one: Request) => unknown) | undefined;
      if (handler === undefined) throw unknownTo(served.role, request);
      send(socket, await handler(request));
      socket.end();
    }
  }
}

/** With a nonce, the answer proves which container it is from. */
function sendStatus(socket: Socket, status: object, nonce: string | undefined): void {
  const line = JSON.stringify(status);
  const signer = signerFor(nonce);
  socket.write(`${signer?.sign(line) ?? line}\n`);
}

function unknownTo(role: Stamp["role"], request: Request): RequestError {
  return new RequestError("unknown-request", `a ${role} does not answer '${formatRequest(request)}'`);
}
