import * as z from "zod";
import { formatPrefix6, parsePrefix6, type Prefix6 } from "../../../model/ip6.ts";
import { duration } from "../../../model/values/scalars.ts";
import { prefix as readPrefix } from "../../../model/values/scalars-network.ts";
import { formatDuration } from "../../../model/values/units.ts";
import { scalar } from "../../../model/yaml/scalar.ts";
import { Trouble } from "../entries/entry.ts";
import { named, oneOf } from "../entries/values.ts";
import { stepKind } from "./kind.ts";

const LONGEST_OVERLAP_S = 999_999_999;

function wrong(key: string, message: string, hint: string): Trouble {
  return Trouble.at([key], "MHLAB_SCENARIO_STEP", [message, hint]);
}

/** A prefix, which is a text in run.json. */
const to = z.codec(z.string(), z.custom<Prefix6>(), {
  decode(text, context) {
    const prefix = parsePrefix6(text);
    if (prefix !== undefined) return prefix;
    context.issues.push({ code: "custom", message: "is no IPv6 prefix", input: text });
    return z.NEVER;
  },
  encode: formatPrefix6,
});

const order = z.discriminatedUnion("how", [
  z.object({ how: z.literal("graceful"), to, overlapS: z.number().exactOptional() }),
  z.object({ how: z.literal("flash"), to }),
  z.object({ how: z.literal("withdraw"), to: to.exactOptional() }),
  z.object({ how: z.literal("abort") }),
]);

/** Another prefix for a provider. */
export const renumber = stepKind("renumber", {
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
  fields: { provider: z.string(), order },
  read({ renumber: provider, how, to: next, overlap }) {
    if (overlap !== undefined && how !== "graceful")
      return wrong(
        "overlap",
        `overlap has no use with ${how}`,
        "two prefixes live together only with graceful",
      );
    if (how === "abort")
      return next === undefined
        ? { provider, order: { how } }
        : wrong("to", "abort takes no prefix", "it goes back to the former one; leave `to` out");
    if (how === "withdraw") return { provider, order: next === undefined ? { how } : { how, to: next } };
    if (next === undefined) return wrong("how", `${how} needs a new prefix`, "add it: to: 2001:db8:bb::/48");
    if (how === "flash") return { provider, order: { how, to: next } };
    return { provider, order: { how, to: next, ...(overlap === undefined ? {} : { overlapS: overlap }) } };
  },
  command({ provider, order: asked }) {
    const prefix = "to" in asked && asked.to !== undefined ? ` ${formatPrefix6(asked.to)}` : "";
    const overlap =
      asked.how === "graceful" && asked.overlapS !== undefined
        ? ` --overlap ${formatDuration(asked.overlapS)}`
        : "";
    return `mhlab renumber ${provider}${prefix} --${asked.how}${overlap}`;
  },
  limitS: () => 60,
  node: ({ provider }) => provider,
});
