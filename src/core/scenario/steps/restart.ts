import type { Deed } from "../../experiment/model.ts";
import { entryKind } from "../entry.ts";
import { named, oneOf } from "../values.ts";
import type { StepKind } from "./step-kind.ts";

/** The end and the beginning of a member. */
export const restart: StepKind<Extract<Deed, { do: "restart" }>> = {
  entry: entryKind({
    summary: "restarts, kills, stops or starts a member",
    example: "{at: 20s, restart: home, how: kill}",
    shape: {
      restart: named("A provider, a CPE, a host or `internet`.", "home"),
      how: oneOf(
        ["restart", "kill", "stop", "start"],
        "What is done: `kill` ends it at once, as a power cut does.",
      ).optional(),
    },
    refs: { restart: "member" },
    read: ({ restart: member, how = "restart" }) => ({ do: "restart", member, how }),
  }),
  command: ({ member, how }) => `mhlab ${how} ${member}`,
};
