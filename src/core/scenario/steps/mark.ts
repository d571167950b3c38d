import type { Deed } from "../../experiment/model.ts";
import { entryKind } from "../entry.ts";
import { prose } from "../values.ts";
import type { StepKind } from "./step-kind.ts";

/** A word on the timeline. */
export const mark: StepKind<Extract<Deed, { do: "mark" }>> = {
  entry: entryKind({
    summary: "does nothing, and stands on the timeline of the report",
    example: '{at: 30s, mark: "from here on, only beta"}',
    shape: { mark: prose("What is written there.", "from here on, only beta") },
    read: ({ mark: text }) => ({ do: "mark", text }),
  }),
  command: ({ text }) => `mark: ${text}`,
};
