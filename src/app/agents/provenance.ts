import { createHmac, randomBytes } from "node:crypto";
import { parseEvent, type Heard } from "../../core/protocol/event.ts";
import { labContainersOf } from "../../core/plan/labels.ts";
import { Verifier, type Hmac } from "../../core/protocol/proof.ts";
import { pause } from "../ports/time.ts";
import type { Member } from "./member.ts";

/** Containers are looked up at most so often, whatever comes. */
const LOOKUP_PAUSE_MS = 500;
/** So many lines of a member wait until its container is known. */
const MOST_HELD = 4096;

const hmac: Hmac = (key, text) => createHmac("sha256", key).update(text).digest("hex");

/** A new question: what its answers have to be signed for. */
export function newNonce(): string {
  return randomBytes(16).toString("hex");
}

/** A reader of the signed lines of one member that answer a question. */
export function newVerifier(nonce: string): Verifier {
  return new Verifier(nonce, hmac);
}

interface Hearing {
  /** Gets what counts; of each member in its order. */
  readonly onHeard: (heard: Heard) => void;
  /** Told whenever somebody spoke in the name of a member. */
  readonly onForged: (member: string) => void;
}

/**
 * Lets those events of a stream of all members pass that the members' own containers signed: root in the member that passes them
 * on, or in one that took another's place in the shared folder, could tell anything in the name of others. Without a proof it can
 * be told only that somebody is not heard any more.
 */
export class Provenance {
  readonly nonce = newNonce();
  readonly #hub: Member;
  readonly #members: readonly Member[];
  readonly #signal: AbortSignal;
  readonly #hearing: Hearing;
  /** Containers by the names of members, once they were looked up. */
  #ids = new Map<string, string>();
  readonly #verifiers = new Map<string, Verifier>();
  /** Lines of members whose container is being looked up. */
  readonly #held = new Map<string, string[]>();
  #looking = false;

  /** `members` are those whose containers may be known already. */
  constructor(hub: Member, members: readonly Member[], signal: AbortSignal, hearing: Hearing) {
    this.#hub = hub;
    this.#members = members;
    this.#signal = signal;
    this.#hearing = hearing;
  }

  take(line: string): void {
    const heard = parseEvent(line);
    const isTold = heard.kind === "snapshot" || (heard.kind === "event" && heard.event.event !== "gone");
    if (!isTold) return this.#hearing.onHeard(heard);
    const { member } = heard.event;
    const held = this.#held.get(member);
    if (held !== undefined) {
      if (held.length < MOST_HELD) held.push(line);
      return;
    }
    if (this.#pass(member, line)) return;
    this.#held.set(member, [line]);
    if (!this.#looking) void this.#lookUp();
  }

  /** Passes a line on when it is proven; false when it is not. */
  #pass(member: string, line: string): boolean {
    const id = this.#ids.get(member) ?? this.#members.find(({ name }) => name === member)?.containerId;
    const verifier = this.#verifiers.get(member) ?? newVerifier(this.nonce);
    this.#verifiers.set(member, verifier);
    const plain = id === undefined ? undefined : verifier.read(line, id);
    if (plain === undefined) return false;
    this.#hearing.onHeard(parseEvent(plain));
    return true;
  }

  /** Asks the engine for the containers, and takes what was held, until nothing is; what is not proven then is dropped. Never rejects. */
  async #lookUp(): Promise<void> {
    this.#looking = true;
    while (this.#held.size > 0) {
      const containers = await this.#hub.engine.reader.listContainers(this.#signal).catch(() => []);
      const all = labContainersOf(containers);
      const lab = all.find(({ containerName }) => containerName === this.#hub.containerName)?.lab;
      this.#ids = new Map(all.filter((one) => one.lab === lab).map(({ name, id }) => [name, id]));
      const held = [...this.#held];
      this.#held.clear();
      for (const [member, lines] of held) {
        const unproven = lines.filter((line) => !this.#pass(member, line));
        if (unproven.length > 0) this.#hearing.onForged(member);
      }
      await pause(LOOKUP_PAUSE_MS, this.#signal).catch(() => undefined);
    }
    this.#looking = false;
  }
}
