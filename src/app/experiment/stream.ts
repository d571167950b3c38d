import { OperationError, reasonOf } from "../../core/model/errors.ts";
import { parseProbeLine, type ProbeLine } from "../../core/model/protocol/probe-lines.ts";
import type { RequestOf, StreamVerb } from "../../core/model/protocol/verbs.ts";
import { attach, type Attached } from "../agents/attach.ts";
import { isRefusal } from "../agents/ask.ts";
import { pause } from "../ports/time.ts";

export interface StreamOptions<V extends StreamVerb> {
  readonly node: Attached & { readonly name: string };
  readonly request: RequestOf<V>;
  /** Ends it; what is told after that still counts. */
  readonly signal: AbortSignal;
  /** Whether it begins anew when it ends by itself: the node started again, or did not read in time. */
  readonly again: boolean;
  readonly onLine: (line: ProbeLine) => void;
  /** Told what is missing, and why. */
  readonly tell: (sentence: string) => void;
}

export interface Stream {
  /** Resolves when it works; rejects when it does not in time. */
  readonly begun: Promise<void>;
  /** Resolves at its end; never rejects. */
  readonly ended: Promise<void>;
}

/** A program starts in a fraction of this; a machine may be very busy. */
const PATIENCE_MS = 20_000;
const RETRY_MS = 250;

/** Keeps one stream of a node's agent for as long as the signal lets it. */
export function keepStream<V extends StreamVerb>(options: StreamOptions<V>): Stream {
  const { node, request, signal } = options;
  let last = "it said nothing";
  let resolveBegun!: () => void;
  let rejectBegun!: (error: Error) => void;
  const begun = new Promise<void>((resolve, reject) => {
    resolveBegun = resolve;
    rejectBegun = reject;
  });
  begun.catch(() => undefined);
  const never = (): void =>
    rejectBegun(
      new OperationError("MHLAB_PROBE", `${node.name} does not begin to send or answer probes`, {
        evidence: [last],
        hint: `see: mhlab logs ${node.name}`,
      }),
    );
  const timer = setTimeout(never, PATIENCE_MS);
  let works = false;
  const onLine = (text: string): void => {
    const line = parseProbeLine(text);
    if (line.kind === "began") {
      works = true;
      clearTimeout(timer);
      resolveBegun();
    } else if (line.kind === "gap") options.tell(`${node.name} ${line.text}`);
    else if (line.kind === "failure") last = line.failure.error;
    else if (line.kind === "noise" && text.trim() !== "") last = text.trim().slice(0, 200);
    options.onLine(line);
  };
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await attach(node, request, { signal, onLine });
      } catch (error) {
        last = reasonOf(error);
        // A container that is just restarting takes no command; what else the engine says will not pass.
        if (!isRefusal(error)) never();
      }
      if (signal.aborted || !options.again) break;
      if (works) options.tell(`${node.name} does not tell of its ${request.verb} for now: ${last}`);
      works = false;
      await pause(RETRY_MS, signal).catch(() => undefined);
    }
    clearTimeout(timer);
    never();
  };
  return { begun, ended: keep() };
}
