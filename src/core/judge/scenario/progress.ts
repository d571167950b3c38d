/** What a run tells while it goes on; views turn it into text. */
import type { Progress } from "../../render/plan/progress.ts";
import type { Scenario } from "./record.ts";
import type { LoadSample, StepResult } from "../experiment/record.ts";

export type RunProgress =
  | { readonly kind: "lab"; readonly progress: Progress }
  /** What is done before t=0 and after the end. */
  | { readonly kind: "phase"; readonly text: string }
  /** t=0. */
  | { readonly kind: "began"; readonly scenario: Scenario; readonly endsS: number }
  | { readonly kind: "step"; readonly phase: "begin" | "end"; readonly step: StepResult }
  /** A probe of that source came back, or did not. */
  | {
      readonly kind: "echo";
      readonly node: string;
      readonly source: string;
      readonly target: string;
      readonly up: boolean;
      readonly rttMs: number | null;
      /** When it was sent; of one without an answer that is known later. */
      readonly sentS: number;
      /** When that became known. */
      readonly atS: number;
    }
  /** The tool of a load told what it measured. */
  | { readonly kind: "load"; readonly samples: readonly LoadSample[]; readonly atS: number }
  /** Something that a person should know. */
  | { readonly kind: "said"; readonly text: string; readonly atS: number | null }
  | { readonly kind: "over"; readonly partial: boolean; readonly atS: number };

export type RunReport = (progress: RunProgress) => void;
