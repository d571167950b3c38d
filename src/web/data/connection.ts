/** The page's side of the stream of messages. */
import type { LiveMessage } from "../../core/judge/live/message.ts";
import { actions, brokenSince, connection, nowMs, version, view, type ActionInfo } from "./state.ts";

/** A burst of messages is drawn once. */
const DRAW_MS = 120;
const SILENCE_MS = 12_000;

let drawing: ReturnType<typeof setTimeout> | undefined;
let heardMs = nowMs();

/** Opens the stream; the browser opens it again after a break, and the server goes on where it broke. */
export function connect(): void {
  const source = new EventSource("/api/live");
  source.addEventListener("open", () => heard());
  source.addEventListener("message", ({ data }: MessageEvent<string>) => {
    heard();
    view.take(JSON.parse(data) as LiveMessage, nowMs());
    drawing ??= setTimeout(draw, DRAW_MS);
  });
  source.addEventListener("error", () => {
    broken();
    // A browser gives up on a server that refuses; one that is started again has another token.
    if (source.readyState === EventSource.CLOSED) connection.value = "ended";
  });
  setInterval(() => {
    // Heartbeats are not shown to scripts, but each second has its sample.
    if (nowMs() - heardMs > SILENCE_MS) broken();
    if (drawing === undefined) draw();
  }, 1000);
  void loadActions();
}

function heard(): void {
  heardMs = nowMs();
  connection.value = "live";
  brokenSince.value = null;
}

function broken(): void {
  if (connection.value === "live" || connection.value === "connecting") brokenSince.value = heardMs;
  connection.value = "broken";
}

function draw(): void {
  drawing = undefined;
  version.value += 1;
}

async function loadActions(): Promise<void> {
  const response = await fetch("/api/actions");
  if (response.ok) actions.value = ((await response.json()) as { actions: ActionInfo[] }).actions;
}

/** Does an action; the text of what went wrong, undefined when nothing did. */
export async function act(
  name: string,
  fields: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const response = await fetch(`/api/actions/${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  }).catch(() => undefined);
  if (response === undefined) return "the server does not answer";
  if (response.ok) return undefined;
  const { error } = (await response.json().catch(() => ({}))) as {
    error?: { message?: string; hint?: string };
  };
  const words = [error?.message ?? `the server says ${response.status}`, error?.hint];
  return words.filter((word) => word !== undefined).join(" - ");
}
