import { ExitCode } from "../../core/model/errors.ts";
import type { SeenNode } from "../../app/agents/node.ts";
import { viewOn, type Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findNode } from "./find-lab.ts";
import { flag, list, text, word, type Input, type Outcome } from "./input.ts";

/** `mhlab capture`. */
export const captureCommand: CommandDefinition = {
  path: ["capture"],
  group: "Look inside",
  summary: "capture a node's packets, as pcapng for Wireshark",
  description:
    "Captures the packets on a node's interfaces into one pcapng with interface names, until Ctrl-C. A provider has its tunnel (`uplink`) and its access link (`subscriber`), a CPE its `lan` and one WAN per provider, named after it, a host its `lan`, the bundled internet one tunnel per provider. The capture continues when the node restarts. With --recorded: the recording of a provider with `capture: true` in the lab file, since before its links came up.",
  arguments: [{ usage: "<name>", description: "a provider, CPE or host, or `internet`" }],
  options: [
    {
      flags: "--interface <word...>",
      description: "only these: for a provider uplink or subscriber, for a CPE lan or a provider's name",
    },
    { flags: "--uplink", description: "for a provider: only its tunnel (decrypted)" },
    { flags: "--subscriber", description: "for a provider: only its access link" },
    {
      flags: "-w, --write <file>",
      description: "the output file; - is standard output, never a terminal",
      default: "-",
    },
    { flags: "--filter <expression>", description: "only these packets, in pcap-filter(7) syntax" },
    { flags: "--duration <time>", description: "end after this time, such as 30s or 5m" },
    { flags: "--recorded", description: "the provider's own recording" },
    {
      flags: "--lab <name>",
      description: "the lab; among several, by default that of this folder's lab.yaml",
    },
  ],
  examples: [
    ["capture alpha -w - | wireshark -k -i -", "both sides, live in Wireshark"],
    [
      "capture alpha --subscriber --filter 'udp port 547' -w dhcp.pcapng",
      "DHCPv6 with its CPEs, into a file",
    ],
    ["capture home --interface lan -w lan.pcapng", "the traffic of a CPE's hosts"],
    ["capture alpha -w - --duration 10s | tshark -r -", "ten seconds, as text"],
    ["capture alpha --recorded -w from-the-start.pcapng", "since before the first packet"],
  ],
  next: ["status", "logs <name>"],
  run: runCapture,
};

/** Timers take no more milliseconds than 31 bits hold. */
const LONGEST_S = 24 * 86_400;

async function runCapture(context: Context, input: Input): Promise<Outcome> {
  const [{ UsageError }, { capture, recorded }, { timeLimit }, { renderSentences }] = await Promise.all([
    import("../../core/model/errors.ts"),
    import("../../app/capture.ts"),
    import("../../app/ports/time.ts"),
    import("../views/sentences.ts"),
  ]);
  const durationS = await duration(input);
  const fromRecord = flag(input, "recorded");
  const filter = text(input, "filter");
  if (fromRecord && (filter !== undefined || durationS !== undefined)) {
    throw new UsageError("--recorded gives all that was recorded", {
      hint: "leave --filter and --duration out, and filter in Wireshark",
    });
  }
  const target = text(input, "write") ?? "-";
  const node = await findTarget(context, input, fromRecord);
  const tell = (sentence: string): void =>
    context.stderr.write(renderSentences([sentence], viewOn(context.stderr)));
  const sink = await context.byteSink(target);
  try {
    const { packets } = await (fromRecord ? recorded : capture)({
      node,
      interfaces: interfaces(input),
      filter,
      application: `mhlab ${context.version}`,
      signal: durationS === undefined ? context.signal : timeLimit(durationS * 1000, context.signal),
      write: (bytes) => sink.write(bytes),
      tell,
    });
    const counts = Object.entries(packets).map(([device, count]) => `${count} on ${device}`);
    const where = target === "-" ? "" : ` in ${target}`;
    tell(`packets: ${counts.length === 0 ? "none" : counts.join(", ")}${where}`);
  } finally {
    sink.close();
  }
  return { exitCode: ExitCode.ok };
}

/** All when none is named. */
function interfaces(input: Input): string[] {
  const sides = ["uplink", "subscriber"].filter((side) => flag(input, side));
  return [...new Set([...sides, ...list(input, "interface")])];
}

async function duration(input: Input): Promise<number | undefined> {
  const given = text(input, "duration");
  if (given === undefined) return undefined;
  const { parseDuration } = await import("../../core/model/values/units.ts");
  const seconds = parseDuration(given);
  if (seconds !== undefined && seconds > 0 && seconds <= LONGEST_S) return seconds;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`--duration is '${given}'`, {
    hint: "a time with its unit, such as 30s or 5m, at most 24d",
  });
}

async function findTarget(context: Context, input: Input, fromRecord: boolean): Promise<SeenNode> {
  const node = await findNode(context, { name: word(input, 0) ?? "", lab: text(input, "lab") });
  if (node.role === "bng" || !fromRecord) return node;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`${node.name} is no provider, and only those record`, {
    hint: `what is on the wire now: ${context.self} capture ${node.name}`,
  });
}
