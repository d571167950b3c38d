import type { Deed } from "../../experiment/model.ts";
import { formatPrefix6 } from "../../ip6.ts";
import { duration } from "../../values/scalars.ts";
import { prefix as readPrefix } from "../../values/scalars-network.ts";
import { formatDuration } from "../../values/units.ts";
import { scalar } from "../../yaml/scalar.ts";
import { entryKind, Trouble } from "../entry.ts";
import { named, oneOf } from "../values.ts";
import type { StepKind } from "./step-kind.ts";

type Renumber = Extract<Deed, { do: "renumber" }>;
const LONGEST_OVERLAP_S = 999_999_999;

function wrong(key: string, message: string, hint: string): Trouble {
  return Trouble.at([key], "MHLAB_SCENARIO_STEP", [message, hint]);
}

/** Another prefix for a provider. */
export const renumber: StepKind<Renumber> = {
  entry: entryKind({
    summary: "gives a provider another prefix, as `mhlab renumber` does",
    example: "{at: 60s, renumber: beta, to: 2001:db8:bb::/48, how: flash}",
    shape: {
      renumber: named("The provider.", "beta"),
      how: oneOf(
        ["graceful", "flash", "withdraw", "abort"],
        "`graceful`: both live for the overlap (RFC 4192); `flash`: the former is dead, and nobody is told (RFC 8978); `withdraw`: dead, and everybody is told; `abort`: back.",
      ),
      to: scalar(readPrefix(32, 64), {
        description: "Its new prefix; with `withdraw` it may be left out, with `abort` there is none.",
        examples: ["2001:db8:bb::/48"],
      }).optional(),
      overlap: scalar(duration(1, LONGEST_OVERLAP_S), {
        description: "With `graceful`: how long both live.",
        examples: ["10m"],
      }).optional(),
    },
    refs: { renumber: "provider" },
    read({ renumber: provider, how, to, overlap }): Renumber | Trouble {
      if (overlap !== undefined && how !== "graceful")
        return wrong(
          "overlap",
          `overlap has no use with ${how}`,
          "two prefixes live together only with graceful",
        );
      if (how === "abort")
        return to === undefined
          ? { do: "renumber", provider, order: { how } }
          : wrong("to", "abort takes no prefix", "it goes back to the former one; leave `to` out");
      if (how === "withdraw")
        return { do: "renumber", provider, order: to === undefined ? { how } : { how, to } };
      if (to === undefined) return wrong("how", `${how} needs a new prefix`, "add it: to: 2001:db8:bb::/48");
      return how === "flash"
        ? { do: "renumber", provider, order: { how, to } }
        : {
            do: "renumber",
            provider,
            order: { how, to, ...(overlap === undefined ? {} : { overlapS: overlap }) },
          };
    },
  }),
  command({ provider, order }) {
    const to = "to" in order && order.to !== undefined ? ` ${formatPrefix6(order.to)}` : "";
    const overlap =
      order.how === "graceful" && order.overlapS !== undefined
        ? ` --overlap ${formatDuration(order.overlapS)}`
        : "";
    return `mhlab renumber ${provider}${to} --${order.how}${overlap}`;
  },
};
