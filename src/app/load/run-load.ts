import { OperationError } from "../../core/model/errors.ts";
import { INTERNET_ADDRESS } from "../../core/model/internet/config.ts";
import { sampleOf, type LoadClock, type LoadReader } from "../../core/judge/load/kind.ts";
import { loadRecord, type LoadKind } from "../../core/judge/load/registry.ts";
import type { LoadSample } from "../../core/judge/experiment/record.ts";
import { summaryOf } from "../../core/judge/load/summary.ts";
import { execKept, KEPT_EXIT } from "../agents/exec-kept.ts";
import type { SeenNode } from "../agents/node.ts";
import { pause } from "../ports/time.ts";
import { customersEnd, sourceAddress } from "./source.ts";

/** The time that a tool may take beside that of its load: to connect, and for its last answers. */
const AROUND_S = 15;
const SERVER_MS = 10_000;
const LOOK_MS = 50;
/** Of what a tool says on standard error, the last is told. */
const LAST_WORDS = 300;

/** A load as a step or a command asks for it. */
export interface AskedLoad {
  readonly id: string;
  readonly kind: LoadKind;
  readonly node: string;
  /** A provider or an address; null: as the kernel chooses. */
  readonly source: string | null;
  readonly target: string;
  readonly options: Readonly<Record<string, string>>;
  readonly forS: number;
}

export interface LoadSurroundings {
  readonly nodes: readonly SeenNode[];
  /** For a server in the bundled internet; no two loads at a time have the same. */
  readonly port: number;
  readonly clock: LoadClock;
  /** Seconds since t=0. */
  readonly nowS: () => number;
  /** The tool's own output, as it comes. */
  readonly onOutput: (piece: Uint8Array) => void;
  readonly onSamples: (samples: readonly LoadSample[]) => void;
  readonly signal: AbortSignal;
}

/** What became of a load. */
export interface LoadDone {
  readonly outcome: "done" | "failed" | "unsupported";
  /** What it measured, or why it did not. */
  readonly detail: string;
  readonly exitCode: number | null;
}

/**
 * Makes one load: starts the server of its tool in the bundled internet where the tool needs one, then the tool, and reads what it
 * tells. Both end with us, however we end. Rejects when the engine fails or the signal fires.
 */
export async function runLoad(asked: AskedLoad, around: LoadSurroundings): Promise<LoadDone> {
  const { kind, forS, target } = asked;
  const { nodes, signal } = around;
  const record = loadRecord(kind);
  const at = record.atLink === true ? await customersEnd(nodes, asked.node, signal) : undefined;
  const node = record.atLink === true ? at?.node : nodes.find(({ name }) => name === asked.node);
  if (node === undefined)
    return unsupported(
      record.atLink === true
        ? `no bundled CPE is at the access link of ${asked.node}`
        : `there is no ${asked.node} in this lab`,
    );
  const read = record.read(asked.options);
  if (!("options" in read)) return failed(read[0]?.message ?? "its options are wrong");
  const source = asked.source === null ? null : await sourceAddress(node, asked.source, signal);
  if (source === null && asked.source !== null)
    return failed(`${asked.node} has no address of ${asked.source} that may be used`);
  const order = {
    options: read.options,
    target: at?.interface ?? target,
    source,
    forS,
    port: around.port,
  };
  const server = target === INTERNET_ADDRESS ? record.server(order) : null;
  const internet = nodes.find(({ role }) => role === "internet");
  if (server !== null && internet === undefined)
    return unsupported(`no server of ${kind} runs at ${target}: this lab has no bundled internet`);
  const ending = new AbortController();
  const all = AbortSignal.any([signal, ending.signal]);
  const serving =
    server === null || internet === undefined
      ? undefined
      : serve(internet, server, { limitS: forS + 2 * AROUND_S, signal: all });
  try {
    await serving?.listens;
    const given = serving === undefined ? { ...order, port: record.port } : order;
    return await send(
      node,
      { kind, argv: record.client(given), reader: record.reader(given, around.clock) },
      {
        ...around,
        asked,
      },
    );
  } finally {
    ending.abort();
    await serving?.ended;
  }
}

interface Serving {
  /** Resolves once it listens; rejects when it ends before, or takes too long. */
  readonly listens: Promise<void>;
  /** Resolves at its end; never rejects. */
  readonly ended: Promise<unknown>;
}

function serve(
  internet: SeenNode,
  { argv, ready }: { readonly argv: readonly string[]; readonly ready: RegExp },
  limit: { readonly limitS: number; readonly signal: AbortSignal },
): Serving {
  const decoder = new TextDecoder();
  let said = "";
  let over = false;
  const take = (piece: Uint8Array): void => {
    if (!ready.test(said)) said += decoder.decode(piece, { stream: true });
  };
  const ended = execKept(internet, argv, { ...limit, asNobody: true, onOutput: take, onErrorOutput: take })
    .catch((error: unknown) => (said += String(error)))
    .finally(() => (over = true));
  const listens = async (): Promise<void> => {
    for (let waitedMs = 0; !ready.test(said); waitedMs += LOOK_MS) {
      if (over || waitedMs > SERVER_MS)
        throw new OperationError(
          "MHLAB_RUN_FAILED",
          `the server of ${argv[0]} does not listen in ${internet.name}`,
          {
            evidence: said.trim() === "" ? [] : said.trim().split("\n").slice(-5),
          },
        );
      await pause(LOOK_MS, limit.signal);
    }
  };
  return { listens: listens(), ended };
}

interface Tool {
  readonly kind: LoadKind;
  readonly argv: readonly string[];
  readonly reader: LoadReader;
}

async function send(
  node: SeenNode,
  { kind, argv, reader }: Tool,
  { asked, signal, nowS, onOutput, onSamples }: LoadSurroundings & { readonly asked: AskedLoad },
): Promise<LoadDone> {
  const { endsItself, atLink = false, goodExits = [] } = loadRecord(kind);
  const samples: LoadSample[] = [];
  const take = (values: ReturnType<LoadReader["line"]>): void => {
    const made = values.map((value) => sampleOf(asked.id, value));
    if (made.length === 0) return;
    // One by one: the round trips of minutes are more than the arguments of a call may be.
    for (const sample of made) samples.push(sample);
    onSamples(made);
  };
  const [decoder, errors] = [new TextDecoder(), new TextDecoder()];
  let [rest, said] = ["", ""];
  const exitCode = await execKept(node, argv, {
    limitS: asked.forS + (endsItself ? AROUND_S : 0),
    signal,
    // A port at an access link is made by root; the tool runs as nobody there as well.
    asNobody: !atLink,
    onOutput(piece) {
      onOutput(piece);
      const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(reader.line(line, nowS()));
    },
    onErrorOutput(piece) {
      said = (said + errors.decode(piece, { stream: true })).slice(-LAST_WORDS);
    },
  });
  if (rest !== "") take(reader.line(rest, nowS()));
  const { values, error } = reader.end();
  take(values);
  signal.throwIfAborted();
  const words = error ?? said.trim().split("\n").at(-1) ?? "";
  if (exitCode === KEPT_EXIT.notFound || exitCode === KEPT_EXIT.notExecutable)
    return {
      ...unsupported(
        `${asked.node} has no program ${loadRecord(kind).tool}${words === "" ? "" : `: ${words}`}`,
      ),
      exitCode,
    };
  const summary = summaryOf(samples);
  const isOver =
    exitCode === 0 || goodExits.includes(exitCode) || (!endsItself && exitCode === KEPT_EXIT.late);
  if (isOver && error === null)
    return { outcome: "done", detail: summary ?? "it measured nothing", exitCode };
  const why = exitCode === KEPT_EXIT.late ? `it was ended ${AROUND_S} s after its time` : words;
  return { ...failed([why, summary].filter((one) => one !== undefined && one !== "").join("; ")), exitCode };
}

function failed(detail: string): LoadDone {
  return { outcome: "failed", detail, exitCode: null };
}

function unsupported(detail: string): LoadDone {
  return { outcome: "unsupported", detail, exitCode: null };
}
