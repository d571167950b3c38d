/** What the page knows: the lab as it was told, and what the user looks at. */
import { computed, signal } from "@preact/signals";
import type { ValueInput } from "../../core/model/faults/option.ts";
import { LiveView } from "../../core/judge/live/view.ts";
import type { LabStatus } from "../../core/model/status/model.ts";

/** How the page hears of the lab: `ended` when the server is gone for good, or does not know this browser any more. */
export type Connection = "connecting" | "live" | "broken" | "ended";

export const view = new LiveView();

/** Grows with every change of the view, and each second for what counts. */
export const version = signal(0);
export const connection = signal<Connection>("connecting");
/** Since when nothing is heard of the server, in milliseconds of the page's clock; null while it is. */
export const brokenSince = signal<number | null>(null);

/** The page's clock, which never jumps. */
export function nowMs(): number {
  return performance.now();
}

export const status = computed<LabStatus>(() => {
  void version.value;
  return view.labStatus();
});

/** Seconds since 1970, for ages of what the server dates. */
export const nowS = computed(() => {
  void version.value;
  return Date.now() / 1000;
});

/** Whose drawer is open: a node's name. */
export const selected = signal<string | null>(null);

/** What can be done, as the server tells it once. */
export interface ActionInfo {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly roles: readonly string[];
  readonly fields: Readonly<Record<string, FieldInfo>>;
  readonly words: readonly (string | readonly string[])[];
}

export interface FieldInfo {
  readonly text: string;
  readonly choices?: readonly ChoiceInfo[];
  readonly input?: ValueInput;
  readonly default?: string;
  readonly optional?: true;
  readonly of?: string;
}

export interface ChoiceInfo {
  readonly value: string;
  readonly text: string;
  readonly group?: string;
  readonly fields?: Readonly<Record<string, FieldInfo>>;
}
export const actions = signal<readonly ActionInfo[]>([]);

/** What waits for the user's yes. */
export interface Asked {
  readonly action: ActionInfo;
  readonly node: string | null;
  /** Fields that need not be asked for. */
  readonly given?: Readonly<Record<string, string>>;
}
export const asked = signal<Asked | null>(null);

export const PAGES = [
  "overview",
  "leases",
  "addresses",
  "advertisements",
  "prefixes",
  "events",
  "experiments",
] as const;
export type Page = (typeof PAGES)[number];
export const page = signal<Page>("overview");

/** Seconds of the past that plots show; with a pause they stand. */
export const span = signal(300);
export const pausedAtS = signal<number | null>(null);

/** Since when a node's agent is not heard; undefined while it is. */
export function goneSince(name: string): number | undefined {
  void version.value;
  return view.nodes.get(name)?.gone?.sinceS;
}
