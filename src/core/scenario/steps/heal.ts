import type { Deed } from "../../experiment/model.ts";
import { entryKind } from "../entry.ts";
import { named } from "../values.ts";
import type { StepKind } from "./step-kind.ts";

/** The end of faults. */
export const heal: StepKind<Extract<Deed, { do: "heal" }>> = {
  entry: entryKind({
    summary: "ends the fault of a step, those of a provider, or all",
    example: "{at: 40s, heal: all}",
    shape: { heal: named("The id of a fault step, a provider, or `all`.", "all") },
    refs: { heal: "healed" },
    read: ({ heal: which }) => ({ do: "heal", which }),
  }),
  command: ({ which }) => `mhlab fault clear ${which === "all" ? "--all" : which}`,
};
