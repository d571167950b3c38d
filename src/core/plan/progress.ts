import type { Plan, Step } from "./diff.ts";

/** What `up` and `down` tell while they work; views turn it into text. */
export type Progress =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "step"; readonly step: Step; readonly phase: "begin" | "done" | "failed" }
  | { readonly kind: "build"; readonly image: string; readonly line: string }
  /** A member runs, and this is what it is waiting for. */
  | { readonly kind: "awaiting"; readonly name: string; readonly detail: string }
  | { readonly kind: "ready"; readonly name: string }
  /** Done as far as it goes without the outside world. */
  | { readonly kind: "settled"; readonly name: string; readonly warning: string }
  | { readonly kind: "undo"; readonly names: readonly string[] }
  | { readonly kind: "note"; readonly text: string };

export type Report = (progress: Progress) => void;
