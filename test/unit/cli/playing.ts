/** A lab on a fake engine in which scenarios can be run: agents that take faults, probes that are answered, captures that hear nothing. */
import { Label } from "../../../src/core/model/names.ts";
import type { FaultStatus } from "../../../src/core/model/status/model.ts";
import { formatUtc } from "../../../src/core/model/utc.ts";
import { snapshotLine, statusLine } from "../support/agent-lines.ts";
import type { FakeContainer, FakeDaemon, Talk } from "../support/fake-daemon.ts";
import { readyStatus } from "./agents.ts";

const SOURCE = "2001:db8:a:1::5";
const EVERY_MS = 20;
/** The header of a pcap without packets: nanoseconds, Ethernet. */
const PCAP = Buffer.from("4d3cb2a1020004000000000000000000000004000100000000", "hex").subarray(0, 24);

export class PlayedLab {
  /** Faults in force, by provider. */
  readonly faults = new Map<string, FaultStatus[]>();
  /** Requests to agents, with the node before each; not those that only look. */
  readonly asked: string[] = [];
  /** Commands that steps run, by their first word. */
  readonly commands = new Map<string, (talk: Talk) => void>();
  /** Whether probes are answered. */
  answers = true;

  constructor(daemon: FakeDaemon) {
    daemon.agent = (container, argv) => this.#agent(container, argv);
    daemon.onTalk((container, argv, talk) => this.#talk(container, argv, talk));
  }

  #agent(container: FakeContainer, [, verb = "", ...words]: readonly string[]): string {
    const name = container.labels[Label.name] ?? "";
    const own = this.faults.get(name) ?? [];
    if (verb === "inject") return this.#inject(name, words);
    if (verb === "clear") {
      this.asked.push(`${name} clear ${words.join(" ")}`);
      this.faults.set(
        name,
        own.filter(({ id }) => id !== words[0]),
      );
      return `${JSON.stringify({ cleared: own.filter(({ id }) => id === words[0]) })}\n`;
    }
    const status = readyStatus(container);
    const told = status.role === "bng" ? { ...status, faults: own } : status;
    return `${verb === "events" ? snapshotLine(told) : statusLine(told)}\n`;
  }

  #inject(name: string, [kind = "", ...options]: readonly string[]): string {
    this.asked.push([name, "inject", kind, ...options].join(" "));
    const fault: FaultStatus = {
      id: `${name}-${(this.faults.get(name) ?? []).length + 1}`,
      kind,
      since: formatUtc(Date.now() / 1000, 3),
      endsAt: null,
      keepaliveS: null,
      direction: "both",
      options: {},
      hits: { up: 0, down: 0 },
    };
    this.faults.set(name, [...(this.faults.get(name) ?? []), fault]);
    return `${JSON.stringify({ fault })}\n`;
  }

  #talk(container: FakeContainer, argv: readonly string[], talk: Talk): void {
    const words = argv.join(" ");
    if (argv[0] === "agent") return this.#stream(container, argv, talk);
    if (words.includes("EPOCHREALTIME")) {
      talk.onInput(() => talk.send(`${(Date.now() / 1000).toFixed(6)}\n`));
      return talk.onEnd(() => talk.end(0));
    }
    if (words.includes(" tcpdump ")) {
      talk.send("tcpdump: listening on eth0\n", "stderr");
      talk.send(PCAP);
      return talk.onEnd(() => talk.end(0));
    }
    const [program = ""] = argv.slice(argv.indexOf("timeout") + 4);
    const play = this.commands.get(program);
    if (play === undefined) talk.end(127);
    else play(talk);
  }

  #stream(container: FakeContainer, [, verb]: readonly string[], talk: Talk): void {
    talk.send('{"event":"began","session":1}\n');
    let seq = 0;
    const probe = (): void => {
      const now = BigInt(Date.now()) * 1_000_000n;
      const path = [SOURCE, "2001:db8::1", ++seq, String(now), 0];
      const entry = this.answers
        ? ["answered", ...path, String(now + 400_000n)]
        : ["no-answer", ...path, null];
      talk.send(`${JSON.stringify(entry)}\n`);
    };
    const sends = verb === "probe" && container.labels[Label.name] === "home-host1";
    const timer = sends ? setInterval(probe, EVERY_MS) : undefined;
    talk.onEnd(() => {
      clearInterval(timer);
      talk.end(0);
    });
  }
}
