import { createSocket, type Socket } from "node:dgram";
import { on, once } from "node:events";
import { createConnection, createServer, type Server, type Socket as Connection } from "node:net";

import type { BngConfig } from "../../../core/render/bng/config.ts";
import { isAnswerTo, lieTo } from "../../../core/render/bng/dns-lies.ts";
import { renderStands, standsOf, type Stand } from "../../../core/render/bng/dns-relay.ts";
import type { DnsEffects } from "../../../core/model/faults/effects.ts";
import type { Intent } from "../../intent/intent.ts";
import { log } from "../../log.ts";
import { isUp } from "../../net/glance.ts";
import { loadRules } from "../../net/nft.ts";
import { pause } from "../../patience.ts";

const DNS_PORT = 53;
const PATIENCE_MS = 5000;
/** More are lost, as in a busy resolver. */
const MOST_WAITING = 512;
const MOST_CONNECTIONS = 64;

type Ask = (question: Buffer) => Promise<Uint8Array>;

interface OpenStand {
  readonly udp: Socket;
  readonly tcp: Server;
}

/** Answers customers' questions to the provider's resolvers, while a fault wants something else than their answers. */
export class DnsRelay {
  readonly #intent: Intent<BngConfig>;
  readonly #wanted: () => DnsEffects;
  #open: OpenStand[] = [];
  #loaded = "";
  #waiting = 0;

  /** `wanted` tells what is answered, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, wanted: () => DnsEffects) {
    this.#intent = intent;
    this.#wanted = wanted;
  }

  /** Begins or ends to answer. */
  async follow(): Promise<void> {
    const { config } = this.#intent;
    // Without the port there is no address to be heard at; who is heard already stays.
    const possible = isUp(config.subscriber.interface) || this.#open.length > 0;
    const stands = possible ? standsOf(config, this.#wanted()) : [];
    const rules = stands.length === 0 ? "" : renderStands(config, stands);
    if (rules === this.#loaded) return;
    // First nobody is led here any more, and only who is heard is led here again.
    if (this.#loaded !== "") await loadRules(renderStands(config, []));
    this.#loaded = "";
    this.stop();
    for (const stand of stands) this.#open.push(await this.#listen(stand));
    if (rules !== "") await loadRules(rules);
    this.#loaded = rules;
  }

  /** Hears nobody any more. */
  stop(): void {
    for (const { udp, tcp } of this.#open) {
      udp.close();
      tcp.close();
    }
    this.#open = [];
  }

  async #listen({ resolver, address, port }: Stand): Promise<OpenStand> {
    const udp = createSocket("udp6").on("error", complain);
    udp.on("message", (question, from) => {
      void this.#answer(question, (asked) => askByUdp(resolver, asked)).then((answer) => {
        if (answer !== undefined && this.#open.some((one) => one.udp === udp))
          udp.send(answer, from.port, from.address);
      });
    });
    udp.bind(port, address);
    const tcp = createServer((connection) => {
      serve(connection, (question) => this.#answer(question, (asked) => askByTcp(resolver, asked)));
    });
    tcp.on("error", complain);
    tcp.maxConnections = MOST_CONNECTIONS;
    tcp.listen(port, address);
    await Promise.all([once(udp, "listening"), once(tcp, "listening")]);
    return { udp, tcp };
  }

  /** Undefined when there is none, because the resolver is silent or too much is asked. */
  async #answer(question: Buffer, ask: Ask): Promise<Uint8Array | undefined> {
    if (this.#waiting >= MOST_WAITING) return undefined;
    this.#waiting += 1;
    try {
      const effects = this.#wanted();
      const answer = lieTo(question, effects) ?? (await ask(question));
      const { delayMs } = effects;
      if (delayMs !== undefined) await pause(delayMs);
      return answer;
    } catch {
      return undefined;
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** Whoever waits hears of it too. */
function complain(error: Error): void {
  log("warn", `DNS in the place of resolvers: ${error.message}`);
}

async function askByUdp(resolver: string, question: Buffer): Promise<Uint8Array> {
  const socket = createSocket("udp6").on("error", complain);
  try {
    socket.connect(DNS_PORT, resolver);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await once(socket, "connect", { signal });
    const messages = on(socket, "message", { signal });
    socket.send(question);
    // Whoever guesses the port could say anything.
    for await (const [answer] of messages as AsyncIterable<[Buffer]>)
      if (isAnswerTo(question, answer)) return answer;
    throw new Error("no answer");
  } finally {
    socket.close();
  }
}

function askByTcp(resolver: string, question: Buffer): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(DNS_PORT, resolver, () => connection.write(framed(question)));
    connection.setTimeout(PATIENCE_MS, () => connection.destroy(new Error("no answer")));
    connection.on("error", reject);
    connection.on("close", () => reject(new Error("no answer")));
    onMessage(connection, (answer) => {
      resolve(answer);
      connection.destroy();
    });
  });
}

function serve(connection: Connection, answer: (question: Buffer) => Promise<Uint8Array | undefined>): void {
  connection.setTimeout(2 * PATIENCE_MS, () => connection.destroy());
  connection.on("error", () => connection.destroy());
  onMessage(connection, (question) => {
    void answer(question).then((found) => {
      if (found === undefined) connection.destroy();
      else connection.write(framed(found));
    });
  });
}

/** Each message has its length before it (RFC 1035 4.2.2). */
function onMessage(connection: Connection, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  connection.on("data", (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      take(rest.subarray(2, end));
      rest = rest.subarray(end);
    }
  });
}

function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
