import { execa } from "execa";
import { openEngine } from "../../../src/adapters/docker/engine.ts";
import { parseEndpoint } from "../../../src/adapters/docker/endpoint.ts";
import { Engines } from "../../../src/app/agents/engines.ts";
import type { SeenNode } from "../../../src/app/agents/node.ts";
import {
  startProbes,
  type AbsoluteFlowSample,
  type AbsoluteSample,
  type Probing,
} from "../../../src/app/experiment/probes.ts";
import type { FlowPlan } from "../../../src/core/judge/experiment/record.ts";
import { formatIp6 } from "../../../src/core/model/ip6.ts";
import { containerName } from "../../../src/core/model/names.ts";
import { eventually, paths } from "../support/sandbox.ts";

export const TARGET = "2001:db8::1";
export const EVERY_MS = 50;

export interface Probed extends Probing {
  /** What was told so far. */
  readonly samples: readonly AbsoluteSample[];
  readonly flows: readonly AbsoluteFlowSample[];
  readonly told: readonly string[];
  /** Resolves when so many more were told of. */
  more(count: number, is?: (sample: AbsoluteSample) => boolean): Promise<void>;
}

async function nodesOf(lab: string): Promise<SeenNode[]> {
  const engine = openEngine(parseEndpoint(`unix://${paths.socket}`, {}), {});
  return (await new Engines([engine]).look()).nodes.filter((node) => node.lab === lab);
}

/** Probes of a lab as the runner starts them. */
export async function probe(lab: string, flows: readonly FlowPlan[] = []): Promise<Probed> {
  const nodes = await nodesOf(lab);
  const [samples, flowing, told]: [AbsoluteSample[], AbsoluteFlowSample[], string[]] = [[], [], []];
  const probing = await startProbes({
    nodes,
    internet: nodes.find(({ role }) => role === "internet") ?? null,
    plan: { everyMs: EVERY_MS, targets: [TARGET], from: null },
    flows,
    onSample: (sample) => samples.push(sample),
    onFlow: (sample) => flowing.push(sample),
    tell: (sentence) => told.push(sentence),
  });
  return {
    samples,
    flows: flowing,
    told,
    stop: () => probing.stop(),
    async more(count, is = () => true) {
      const before = samples.length;
      await eventually(() => {
        const found = samples.slice(before).filter(is).length;
        if (found < count) throw new Error(`${found} of ${count} samples`);
      });
    },
  };
}

/** A packet of STAMP, as tcpdump recorded it. */
export interface CapturedPacket {
  readonly way: "request" | "reply";
  /** Address of the node that probes. */
  readonly source: string;
  readonly session: number;
  readonly seq: number;
  readonly atNs: bigint;
}

const ETHERNET = 14;
const IPV6 = 40;
const UDP = 8;
const STAMP_PORT = 862;

/** Records the packets of STAMP on an interface of a node by tcpdump, from when the promise resolves. */
export async function recordStamp(
  lab: string,
  node: string,
  device: string,
): Promise<{ stop(): Promise<CapturedPacket[]> }> {
  const argv = ["tcpdump", "-i", device, "--immediate-mode", "-U", "-B", "8192", "-s", "256", "-w", "-"];
  const words = ["-H", `unix://${paths.socket}`, "exec", containerName(lab, node), ...argv];
  const child = execa("docker", [...words, "udp", "port", String(STAMP_PORT)], {
    reject: false,
    encoding: "buffer",
    stdin: "ignore",
  });
  let said = "";
  child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  await eventually(() => {
    if (!said.includes("listening on")) throw new Error(said);
  });
  return {
    async stop() {
      const end = ["pkill", "-INT", "-f", `tcpdump -i ${device} --immediate-mode`];
      await execa("docker", ["-H", `unix://${paths.socket}`, "exec", containerName(lab, node), ...end]);
      const { stdout } = await child;
      if (!/\b0 packets dropped by kernel/.test(said)) throw new Error(said);
      return readStamp(Buffer.from(stdout));
    },
  };
}

function readStamp(file: Buffer): CapturedPacket[] {
  const found: CapturedPacket[] = [];
  for (let at = 24; at + 16 <= file.length;) {
    const atNs = BigInt(file.readUInt32LE(at)) * 1_000_000_000n + BigInt(file.readUInt32LE(at + 4)) * 1000n;
    const length = file.readUInt32LE(at + 8);
    const ip = file.subarray(at + 16 + ETHERNET, at + 16 + length);
    at += 16 + length;
    const isReply = ip.readUInt16BE(IPV6) === STAMP_PORT;
    const stamp = ip.subarray(IPV6 + UDP);
    const address = ip.subarray(isReply ? 24 : 8, isReply ? 40 : 24);
    found.push({
      way: isReply ? "reply" : "request",
      source: formatIp6(BigInt(`0x${address.toString("hex")}`)),
      session: stamp.readUInt16BE(14),
      seq: stamp.readUInt32BE(isReply ? 24 : 0),
      atNs,
    });
  }
  return found;
}
