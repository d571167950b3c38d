import { LIST_RECORDED, liveCapture, readRecorded } from "../core/capture/commands.ts";
import { PcapngMerger } from "../core/capture/merge.ts";
import { OperationError } from "../core/errors.ts";
import { MEMBERS } from "../core/members/registry.ts";
import { ask, evidenceOf } from "./agents/ask.ts";
import { pause } from "./pause.ts";
import type { EngineReader } from "./ports/engine-reader.ts";
import type { ExecBytes } from "./ports/exec-bytes.ts";

export type Side = "uplink" | "subscriber";

export interface CaptureOptions {
  readonly provider: string;
  readonly container: string;
  readonly sides: readonly Side[];
  readonly filter: string | undefined;
  readonly application: string;
  /** Ends the capture; that is no failure. */
  readonly signal: AbortSignal;
  write(bytes: Uint8Array): void;
  /** Called when listening begins, ends or begins again. */
  tell(text: string): void;
}

export interface CaptureResult {
  /** Packets by interface. */
  readonly packets: Readonly<Record<string, number>>;
}

interface CapturePorts {
  readonly reader: EngineReader;
  readonly execBytes: ExecBytes;
}

const RETRY_MS = 500;

/** The names of a BNG's two interfaces, as its agent has them. */
export async function captureInterfaces(
  { reader }: Pick<CapturePorts, "reader">,
  { provider, container, signal }: Pick<CaptureOptions, "provider" | "container" | "signal">,
): Promise<Record<Side, string>> {
  const reply = await ask(reader, container, { verb: "status" }, { signal });
  if (reply.kind === "answer" && reply.value.role === "bng")
    return MEMBERS.bng.captureInterfaces(reply.value);
  throw new OperationError("MHLAB_CAPTURE", `the agent of ${provider} does not name its interfaces`, {
    evidence: reply.kind === "answer" ? [`it is the agent of a ${reply.value.role}`] : evidenceOf(reply),
    hint: `see: mhlab logs ${provider}`,
  });
}

/** Captures interfaces of a provider until the signal fires, also over their coming and going. Throws when tcpdump refuses. */
export async function capture(ports: CapturePorts, options: CaptureOptions): Promise<CaptureResult> {
  const names = await captureInterfaces(ports, options);
  const merger = new PcapngMerger(options.application, (bytes) => options.write(bytes));
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  options.signal.addEventListener("abort", onAbort, { once: true });
  if (options.signal.aborted) stop.abort();
  const sides = options.sides.map((side) =>
    follow(names[side], merger, ports, { ...options, signal: stop.signal }).catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const results = await Promise.allSettled(sides);
  options.signal.removeEventListener("abort", onAbort);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return { packets: Object.fromEntries(merger.counts) };
}

async function follow(
  device: string,
  merger: PcapngMerger,
  { execBytes }: CapturePorts,
  options: CaptureOptions,
): Promise<void> {
  const { provider, container, filter, signal } = options;
  let listened = false;
  while (!signal.aborted) {
    let said = "";
    const decoder = new TextDecoder();
    const take = merger.take(device);
    const exitCode = await execBytes(container, liveCapture(device, filter), {
      signal,
      onOutput: take,
      onErrorOutput(piece) {
        said += decoder.decode(piece, { stream: true });
        if (listened || !said.includes("listening on")) return;
        listened = true;
        options.tell(`listening on ${device}`);
      },
    }).catch((error: unknown) => {
      // A container that is restarting takes no command; before the first success that is a failure.
      if (!listened) throw error;
      return undefined;
    });
    if (signal.aborted) return;
    if (!listened) throw refused(provider, device, exitCode, said);
    options.tell(`${device} is gone, waiting for it`);
    await pause(RETRY_MS, signal).catch(() => undefined);
  }
}

function refused(
  provider: string,
  device: string,
  exitCode: number | undefined,
  said: string,
): OperationError {
  const missing = /No such device|doesn't exist|is not up/.test(said);
  return new OperationError("MHLAB_CAPTURE", `tcpdump in ${provider} does not listen on ${device}`, {
    evidence: [...said.trim().split("\n"), `exit code ${exitCode ?? "unknown"}`],
    hint: missing
      ? `the interface is not there: mhlab status says why; the other one goes alone with --uplink or --subscriber`
      : "the filter is in pcap-filter(7) syntax, for example: --filter 'icmp6 or udp port 547'",
  });
}

/** What a BNG with `capture: true` recorded since it started. Throws OperationError when it recorded nothing. */
export async function recorded(ports: CapturePorts, options: CaptureOptions): Promise<CaptureResult> {
  const { provider, container, sides, signal } = options;
  const names = await captureInterfaces(ports, options);
  const files = (await ports.reader.exec(container, LIST_RECORDED, signal)).stdout
    .split("\n")
    .filter(Boolean);
  if (files.length === 0) {
    throw new OperationError("MHLAB_NOT_RECORDED", `${provider} did not record anything`, {
      hint: `in the lab file, give the provider 'capture: true', and run mhlab up again; what is on the wire now: mhlab capture ${provider}`,
    });
  }
  const merger = new PcapngMerger(options.application, (bytes) => options.write(bytes));
  const wanted = {
    uplink: sides.includes("uplink") ? names.uplink : undefined,
    subscriber: sides.includes("subscriber") ? names.subscriber : undefined,
  };
  for (const file of files) {
    const onOutput = merger.takeCooked(wanted);
    await ports.execBytes(container, readRecorded(file), { signal, onOutput, onErrorOutput: () => {} });
    signal.throwIfAborted();
  }
  merger.begin();
  return { packets: Object.fromEntries(merger.counts) };
}
