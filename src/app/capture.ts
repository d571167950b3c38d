import { LIST_RECORDED, liveCapture, readRecorded } from "../core/render/capture/commands.ts";
import { PcapngMerger, type Remark } from "../features/capture/merge.ts";
import type { Packet } from "../features/capture/pcap.ts";
import { OperationError, UsageError } from "../core/model/errors.ts";
import { nodeRole } from "../core/render/nodes/registry.ts";
import { evidenceOf } from "./agents/ask.ts";
import type { Node } from "./agents/node.ts";
import { pause } from "./ports/time.ts";

export interface CaptureOptions {
  readonly node: Node;
  /** Words for its interfaces, such as `uplink` of a provider or `lan` of a CPE, or their own names; empty for all. */
  readonly interfaces: readonly string[];
  readonly filter: string | undefined;
  readonly application: string;
  /** Ends the capture; that is no failure. */
  readonly signal: AbortSignal;
  write(bytes: Uint8Array): void;
  /** Called when listening begins, ends or begins again. */
  tell(text: string): void;
  /** Called once, with how many interfaces there are to listen on. */
  onDevices?(count: number): void;
  /** Every packet, with its interface, as it comes. */
  onPacket?(device: string, packet: Packet): void;
  /** Called once, before anything is heard: what is said by it is read at the first packet of its time or later. */
  onBegin?(remark: (remark: Remark) => void): void;
}

export interface CaptureResult {
  /** Packets by interface. */
  readonly packets: Readonly<Record<string, number>>;
}

const RETRY_MS = 500;

/** The interfaces that are asked for, by the word for each, under the names that the node's agent tells. */
async function interfacesOf({
  node,
  interfaces,
  signal,
}: CaptureOptions): Promise<Readonly<Record<string, string>>> {
  const { name, role } = node;
  const reply = await node.ask({ verb: "status" }, { signal });
  if (reply.kind !== "answer" || reply.value.role !== role) {
    throw new OperationError("MHLAB_CAPTURE", `the agent of ${name} does not name its interfaces`, {
      evidence: reply.kind === "answer" ? [`it is the agent of a ${reply.value.role}`] : evidenceOf(reply),
      hint: `see: mhlab logs ${name}`,
    });
  }
  const all = nodeRole(role).captureInterfaces(reply.value);
  const known = Object.keys(all).filter((word) => all[word] !== "");
  // Its own name inside the node does as well.
  const asked = interfaces.map((word) => known.find((one) => one === word || all[one] === word) ?? word);
  const unknown = asked.filter((word) => !known.includes(word));
  if (unknown.length > 0 || known.length === 0) {
    throw new UsageError(
      known.length === 0
        ? `${name} has no interface to capture on`
        : `${name} has no interface called ${unknown.join(", ")}`,
      known.length === 0 ? {} : { hint: `it has: ${known.join(", ")}` },
    );
  }
  const chosen = asked.length === 0 ? known : asked;
  return Object.fromEntries(chosen.map((word) => [word, all[word] ?? ""]));
}

/** Captures interfaces of a node until the signal fires, also over their coming and going. Throws when tcpdump refuses. */
export async function capture(options: CaptureOptions): Promise<CaptureResult> {
  const devices = await interfacesOf(options);
  options.onDevices?.(Object.keys(devices).length);
  const merger = new PcapngMerger(options.application, (bytes) => options.write(bytes), {
    onPacket: (device, packet) => options.onPacket?.(device, packet),
  });
  options.onBegin?.((remark) => merger.remark(remark));
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  options.signal.addEventListener("abort", onAbort, { once: true });
  if (options.signal.aborted) stop.abort();
  const streams = Object.values(devices).map((device) =>
    follow(device, merger, { ...options, signal: stop.signal }).catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const results = await Promise.allSettled(streams);
  options.signal.removeEventListener("abort", onAbort);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  merger.end();
  return { packets: Object.fromEntries(merger.counts) };
}

async function follow(device: string, merger: PcapngMerger, options: CaptureOptions): Promise<void> {
  const { node, filter, signal } = options;
  let listened = false;
  while (!signal.aborted) {
    let said = "";
    let listens = false;
    const decoder = new TextDecoder();
    const take = merger.take(device);
    const exitCode = await node
      .execBytes(liveCapture(device, filter, { waits: listened }), {
        signal,
        onOutput: take,
        onErrorOutput(piece) {
          said += decoder.decode(piece, { stream: true });
          if (listens || !said.includes("listening on")) return;
          listened = listens = true;
          options.tell(`listening on ${device}`);
        },
      })
      .catch((error: unknown) => {
        // A container that is restarting takes no command; before the first success that is a failure.
        if (!listened) throw error;
        return undefined;
      });
    if (signal.aborted) return;
    if (!listened) throw refused(node.name, device, exitCode, said);
    if (listens) options.tell(`${device} is gone, waiting for it`);
    // One that is back is found by the command itself; a container that restarts takes no command.
    else await pause(RETRY_MS, signal).catch(() => undefined);
  }
}

function refused(node: string, device: string, exitCode: number | undefined, said: string): OperationError {
  const missing = /No such device|doesn't exist|is not up/.test(said);
  return new OperationError("MHLAB_CAPTURE", `tcpdump in ${node} does not listen on ${device}`, {
    evidence: [...said.trim().split("\n"), `exit code ${exitCode ?? "unknown"}`],
    hint: missing
      ? `the interface is not there: mhlab status says why; others go alone with --interface`
      : "the filter is in pcap-filter(7) syntax, for example: --filter 'icmp6 or udp port 547'",
  });
}

/** What a BNG with `capture: true` recorded since it started. Throws OperationError when it recorded nothing. */
export async function recorded(options: CaptureOptions): Promise<CaptureResult> {
  const { node, signal } = options;
  const devices = await interfacesOf(options);
  const files = (await node.exec(LIST_RECORDED, signal)).stdout.split("\n").filter(Boolean);
  if (files.length === 0) {
    throw new OperationError("MHLAB_NOT_RECORDED", `${node.name} did not record anything`, {
      hint: `in the lab file, give the provider 'capture: true', and run mhlab up again; what is on the wire now: mhlab capture ${node.name}`,
    });
  }
  const merger = new PcapngMerger(options.application, (bytes) => options.write(bytes));
  const wanted = { uplink: devices["uplink"], subscriber: devices["subscriber"] };
  for (const file of files) {
    const onOutput = merger.takeCooked(wanted);
    await node.execBytes(readRecorded(file), { signal, onOutput, onErrorOutput: () => {} });
    signal.throwIfAborted();
  }
  merger.begin();
  return { packets: Object.fromEntries(merger.counts) };
}
