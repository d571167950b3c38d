import type { Deed } from "../../../core/experiment/model.ts";
import type { StepKind } from "./stage.ts";

/** Only says something: it is in the record, the captures and the report. */
export const mark: StepKind<Extract<Deed, { do: "mark" }>> = () => Promise.resolve({});
