import { capture } from "../capture.ts";
import { timeLimit, untilAborted } from "../ports/time.ts";
import { graphJson } from "../../features/graph/formats.ts";
import { graphOfStatus } from "../../features/graph/of-status.ts";
import { renderMetrics } from "../../features/metrics/render.ts";
import { UsageError } from "../../core/model/errors.ts";
import type { Asset, WebAnswer, WebRequest, WebRoute } from "../ports/web-server.ts";
import { act, describeActions, nodeNamed, type ActionPorts } from "./actions.ts";
import { json, type ApiRoute } from "./api-route.ts";
import { runRoutes } from "./run-routes.ts";
import type { RunBoard } from "./runs.ts";

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
/** What keeps a connection from looking dead, to both ends. */
const HEARTBEAT_MS = 5000;
const LONGEST_CAPTURE_S = 600;
const LOG_LINES = 500;

export interface RoutePorts extends ActionPorts {
  readonly version: string;
  readonly runs: RunBoard;
  /** The page, by path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** UTC, RFC 3339. */
  readonly now: () => string;
}

/** All that programs can ask; the document and its test read the same list. */
export function apiRoutes(ports: RoutePorts): readonly ApiRoute[] {
  const { collector, now } = ports;
  return [
    {
      method: "GET",
      path: "/api/live",
      summary: "What a page is told: messages as server-sent events, which go on after `Last-Event-ID`.",
      type: "text/event-stream",
      answer: (request) => stream("text/event-stream", (out) => tellLive(ports, request, out)),
    },
    {
      method: "GET",
      path: "/api/status",
      summary: "The lab's status as `mhlab status --json` prints it.",
      type: "application/json",
      answer: async ({ signal }) => json({ at: now(), ...(await collector.status(signal)) }),
    },
    {
      method: "GET",
      path: "/api/events",
      summary:
        "What happens, a JSON object a line, as `mhlab events --json` prints it, until the client goes.",
      type: "application/x-ndjson",
      answer: () => stream("application/x-ndjson", (out, signal) => tellEvents(ports, out, signal)),
    },
    {
      method: "GET",
      path: "/api/graph",
      summary: "The lab as a picture: nodes and links with their places, as `mhlab graph --json` prints it.",
      type: "application/json",
      answer: async ({ signal }) => json(graphJson(graphOfStatus(await collector.status(signal)))),
    },
    {
      method: "GET",
      path: "/api/nodes/{name}/log",
      summary: `The last ${LOG_LINES} lines that a node printed.`,
      type: "text/plain",
      answer: async ({ path, signal }) => {
        const node = await nodeNamed(path["name"] ?? "", ports, signal);
        const lines: string[] = [];
        const onLine = (line: string): void => void lines.push(line);
        await node.logs({ tail: LOG_LINES, follow: false }, { signal, onLine });
        return { kind: "text", type: "text/plain; charset=utf-8", text: `${lines.join("\n")}\n` };
      },
    },
    {
      method: "GET",
      path: "/api/nodes/{name}/capture",
      summary: "Packets of a node as they pass, as pcapng, until the time is over or the client goes.",
      query: {
        seconds: `how long, 1 to ${LONGEST_CAPTURE_S}; 10 when left out`,
        interface: "uplink, subscriber, lan or a provider of a CPE; all when left out",
      },
      type: "application/x-pcapng",
      answer: (request) => answerCapture(ports, request),
    },
    ...runRoutes(ports.runs),
    {
      method: "GET",
      path: "/api/actions",
      summary: "What a page can do, each with the command that does the same.",
      type: "application/json",
      answer: () => json({ actions: describeActions() }),
    },
    {
      method: "POST",
      path: "/api/actions/{name}",
      summary: "Does an action; the body has its fields as texts, `node` among them where it is done to one.",
      type: "application/json",
      takesFields: true,
      answer: async ({ path, body }) => json({ result: await act(path["name"] ?? "", body, ports) }),
    },
    {
      method: "GET",
      path: "/metrics",
      summary: "The lab's metrics in Prometheus' text format.",
      type: "text/plain",
      answer: async ({ signal }) => ({
        kind: "text",
        type: METRICS_TYPE,
        text: renderMetrics([await collector.status(signal)], Date.now() / 1000),
      }),
    },
  ];
}

/** The page itself. */
export function pageRoutes({ assets }: Pick<RoutePorts, "assets">): readonly WebRoute[] {
  return [...assets].map(([path, { type, bytes }]) => ({
    method: "GET",
    path,
    answer: () => ({ kind: "bytes", type, bytes }),
  }));
}

/** Tells events until the client goes. */
async function tellEvents(
  { collector }: RoutePorts,
  out: (chunk: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const close = await collector.events((line) => out(`${JSON.stringify(line)}\n`));
  await gone(signal);
  close();
}

/** Tells messages until the client goes. */
async function tellLive(
  { collector }: RoutePorts,
  { signal, lastEventId }: WebRequest,
  out: (chunk: string) => void,
): Promise<void> {
  out("retry: 500\n\n");
  const close = await collector.open(lastEventId, {
    tell: ({ id, text }) => out(`id: ${id}\ndata: ${text}\n\n`),
  });
  const beat = setInterval(() => out(": alive\n\n"), HEARTBEAT_MS);
  await gone(signal);
  clearInterval(beat);
  close();
}

/** Resolves when the signal fires. */
async function gone(signal: AbortSignal): Promise<void> {
  await untilAborted(signal).catch(() => undefined);
}

async function answerCapture(ports: RoutePorts, { path, query, signal }: WebRequest): Promise<WebAnswer> {
  const given = query.get("seconds") ?? "10";
  const seconds = Number(given);
  if (!(seconds >= 1 && seconds <= LONGEST_CAPTURE_S))
    throw new UsageError(`seconds is '${given}'`, { hint: `a number from 1 to ${LONGEST_CAPTURE_S}` });
  const node = await nodeNamed(path["name"] ?? "", ports, signal);
  const interfaces = query.getAll("interface");
  return {
    kind: "stream",
    type: "application/x-pcapng",
    fileName: `${node.lab}-${node.name}.pcapng`,
    async write(out, ended) {
      await capture({
        node,
        interfaces,
        filter: undefined,
        application: `mhlab ${ports.version}`,
        signal: timeLimit(seconds * 1000, ended),
        write: out,
        tell: () => undefined,
      });
    },
  };
}

function stream(
  type: string,
  write: (out: (chunk: string) => void, signal: AbortSignal) => Promise<void>,
): WebAnswer {
  return { kind: "stream", type, write };
}
