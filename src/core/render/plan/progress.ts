import type { Deed, Plan } from "./plan.ts";

/** What commands that change a lab tell while they work; views turn it into text. */
export type Progress =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "step"; readonly step: Deed; readonly phase: "begin" | "done" | "failed" }
  | { readonly kind: "build"; readonly image: string; readonly line: string }
  /** A node runs, and this is what it is waiting for. */
  | { readonly kind: "awaiting"; readonly name: string; readonly detail: string }
  | { readonly kind: "ready"; readonly name: string }
  /** Done as far as it goes without the outside world. */
  | { readonly kind: "settled"; readonly name: string; readonly warning: string }
  | { readonly kind: "undo"; readonly names: readonly string[] }
  /** What an engine that is not there yet does to come. */
  | { readonly kind: "engine"; readonly text: string }
  | { readonly kind: "warning"; readonly warning: Warning };

/** What does not keep a lab from working, and should be known. */
export interface Warning {
  /** Stable kebab-case word. */
  readonly code: string;
  readonly message: string;
  /** A command line that mends it, or where none can, a sentence. */
  readonly mend?: string;
}

export type Report = (progress: Progress) => void;
