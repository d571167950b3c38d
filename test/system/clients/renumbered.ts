import type { HandBng } from "../support/bng.ts";
import { eventually } from "../support/sandbox.ts";
import type { Plugged } from "./access.ts";
import { startClient, type ClientFixture } from "./fixtures.ts";
import { listenToClient, type Messages } from "./messages.ts";

const INTERNET = "2001:db8::1";

/** What a client makes of an address on its LAN. */
export type LanState = "preferred" | "deprecated" | "none";

/** A client whose provider is renumbered. Prefixes go by their letter: `a` is 2001:db8:a::/48. */
export class Renumbered {
  readonly fixture: ClientFixture;
  readonly #cell: Plugged;
  readonly #bng: HandBng;
  readonly #messages: Messages;
  #said: () => string = () => "";

  static async moveIn(fixture: ClientFixture, cell: Plugged, bng: HandBng): Promise<Renumbered> {
    return new Renumbered(fixture, cell, bng, await listenToClient(cell));
  }

  private constructor(fixture: ClientFixture, cell: Plugged, bng: HandBng, messages: Messages) {
    this.fixture = fixture;
    this.#cell = cell;
    this.#bng = bng;
    this.#messages = messages;
  }

  get said(): string {
    return this.#said();
  }

  async start(): Promise<void> {
    const client = await startClient(this.#cell, this.fixture);
    this.#said = () => client.said();
  }

  /** Types of what it sent since a moment of performance.now(). */
  sentSince(moment: number): string[] {
    return this.#messages.since(moment);
  }

  /** Waits until it has sent a message of a type. */
  async sends(type: string, since: number, timeoutMs: number): Promise<void> {
    await eventually(
      () => {
        const sent = this.sentSince(since);
        if (!sent.includes(type)) throw new Error(`it sent ${sent.join(", ") || "nothing"}, no ${type}`);
      },
      { timeoutMs, everyMs: 100 },
    );
  }

  /** Waits until a prefix of a letter is delegated to it and routed; the prefix. */
  async isDelegated(letter: string, timeoutMs: number): Promise<string> {
    return await eventually(
      async () => {
        const own = await this.#linkLocals();
        const { delegations } = await this.#bng.status();
        const found = delegations.find(
          ({ prefix, via, routed }) =>
            routed && own.includes(via ?? "") && prefix.startsWith(`2001:db8:${letter}:`),
        );
        if (found === undefined)
          throw new Error(`nothing of ${letter} for ${own.join()}: ${JSON.stringify(delegations)}`);
        return found.prefix;
      },
      { timeoutMs, everyMs: 200 },
    );
  }

  /** What its LAN has of a letter: at once, or when it is to become something, within a while. */
  async lanState(letter: string, wanted?: LanState): Promise<LanState> {
    const look = async (): Promise<LanState> => {
      const { stdout } = await this.#cell.run(["ip", "-j", "-6", "addr", "show", "dev", "lan0"]);
      const entries = (JSON.parse(stdout) as { addr_info?: LanAddress[] }[]).flatMap(
        ({ addr_info = [] }) => addr_info,
      );
      const own = entries.find(({ local }) => local?.startsWith(`2001:db8:${letter}:`));
      if (own === undefined) return "none";
      return own.deprecated === true || own.preferred_life_time === 0 ? "deprecated" : "preferred";
    };
    if (wanted === undefined) return await look();
    const becomes = async (): Promise<LanState> => {
      const state = await look();
      if (state !== wanted) throw new Error(state);
      return state;
    };
    return await eventually(becomes, { timeoutMs: 4000 }).catch(look);
  }

  /** Why no echo request from a delegation comes back; undefined when one does. */
  async unreachedWhy(prefix: string): Promise<string | undefined> {
    const source = prefix.replace("::/56", "::99");
    // Without nodad it stays tentative until a work queue of the kernel runs, also on lo.
    await this.#cell.run(["ip", "addr", "replace", `${source}/128`, "dev", "lo", "nodad"]);
    const ping = ["ping", "-6", "-c", "3", "-i", "0.3", "-W", "1", "-I", source, INTERNET];
    const { code, stdout, stderr } = await this.#cell.run(ping, { check: false });
    if (code === 0) return undefined;
    const { delegations, leaks, dropped } = await this.#bng.status();
    const { stdout: routes } = await this.#cell.run(["ip", "-6", "route"]);
    return `${stdout}${stderr}\n${routes}\n${JSON.stringify({ delegations, leaks, dropped })}`;
  }

  /** Ends it without a word, as a power cut does. */
  async kill(): Promise<void> {
    await this.#signal("KILL");
  }

  /** Keeps it from hearing or saying anything, and lets it go on. */
  async silence(state: "on" | "off"): Promise<void> {
    await this.#signal(state === "on" ? "STOP" : "CONT");
  }

  async #signal(name: string): Promise<void> {
    const script = 'own=$(cat /run/client/started); kill -"$0" "$own" $(pgrep -P "$own"); true';
    await this.#cell.run(["sh", "-c", script, name]);
  }

  async #linkLocals(): Promise<string[]> {
    const show = ["ip", "-j", "-6", "addr", "show", "dev", "wan0", "scope", "link"];
    const links = JSON.parse((await this.#cell.run(show)).stdout) as { addr_info?: LanAddress[] }[];
    return links.flatMap(({ addr_info = [] }) => addr_info.flatMap(({ local }) => local ?? []));
  }
}

interface LanAddress {
  readonly local?: string;
  readonly deprecated?: boolean;
  readonly preferred_life_time?: number;
}
