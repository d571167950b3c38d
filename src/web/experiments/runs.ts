/** The experiments of the lab, asked for while somebody looks at them. */
import { reasonOf } from "../../core/model/errors.ts";
import { signal } from "@preact/signals";
import type { ShownRun, ShownRuns } from "../../core/judge/experiment/shown.ts";

const EVERY_MS = 1000;

/** Null before they were told. */
export const runs = signal<ShownRuns | null>(null);
/** The one that is shown whole. */
export const shown = signal<ShownRun | null>(null);
/** What the user chose to see; null: what runs, else the newest. */
const chosen = signal<string | null>(null);
/** Why they cannot be told; null when they can. */
export const trouble = signal<string | null>(null);

let asking = false;
/** What the user chose just now, and did not see yet. */
let awaited: string | null = null;

/** Asks at once and each second, as long as the page is in sight; the call that ends it. */
export function followRuns(): () => void {
  askInSight();
  const timer = setInterval(askInSight, EVERY_MS);
  return () => clearInterval(timer);
}

function askInSight(): void {
  if (document.visibilityState === "visible") void askOnce();
}

/** Shows a run, now and not at the next second. */
export function show(id: string): void {
  chosen.value = id;
  awaited = shown.value?.id === id ? null : id;
  void askOnce();
}

/** Whether a run that is drawn is the one that the user waits for; once. */
export function isAwaited(id: string): boolean {
  if (awaited !== id) return false;
  awaited = null;
  return true;
}

/** Where the report of a run or a series is. */
export function reportOf(id: string): string {
  return `/api/runs/${encodeURIComponent(id)}/report`;
}

async function askOnce(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    const list = await ask<ShownRuns>("/api/runs");
    runs.value = list;
    const wanted = wantedOf(list);
    const known = shown.value;
    if (wanted === undefined) shown.value = null;
    else if (known?.id !== wanted.id || known.version !== wanted.version)
      shown.value = await ask<ShownRun>(`/api/runs/${encodeURIComponent(wanted.id)}`);
    trouble.value = null;
  } catch (error) {
    trouble.value = reasonOf(error);
  } finally {
    asking = false;
  }
}

function wantedOf({ runs: all }: ShownRuns): ShownRuns["runs"][number] | undefined {
  return all.find(({ id }) => id === chosen.value) ?? all.find(({ state }) => state === "running") ?? all[0];
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(path).catch(() => undefined);
  if (response === undefined) throw new Error("the server does not answer");
  if (response.ok) return (await response.json()) as T;
  const { error } = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
  throw new Error(error?.message ?? `the server says ${response.status}`);
}
