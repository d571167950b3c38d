import type { Deed } from "../../experiment/model.ts";
import { showValue } from "../../values/parse.ts";
import { BadValue, type ReadScalar } from "../../values/scalars.ts";
import { shellWord } from "../../words.ts";
import { entryKind, Trouble } from "../entry.ts";
import { argument, fileBelow, named } from "../values.ts";
import type { StepKind } from "./step-kind.ts";

type Copy = Extract<Deed, { do: "copy" }>;

/** A path in a member. */
const absolute: ReadScalar<string> = (text) =>
  /^\/[^\p{Cc}]+$/u.test(text) && text.length <= 200
    ? text
    : new BadValue(
        "MHLAB_LAB_NAME",
        `${showValue(text)} is no path in a member`,
        "it begins with a slash: /tmp/answer",
      );

/** A file that goes into a member, or comes out of it. */
export const copy: StepKind<Copy> = {
  entry: entryKind({
    summary:
      "copies a file that lies beside the scenario into a member, or one of a member into the folder of the run",
    example: "{at: 5s, copy: dhcpcd.conf, into: home, to: /etc/dhcpcd.conf}",
    shape: {
      copy: argument(
        "What is copied: a file beside the scenario with `into`, a path in the member with `out-of`.",
      ),
      into: named("The member that gets it.", "home").optional(),
      "out-of": named("The member that has it.", "home").optional(),
      to: argument(
        "Where it goes: a path in the member with `into`, a file of the run's folder with `out-of`.",
      ),
    },
    refs: { into: "member", "out-of": "member" },
    read({ copy: from, into, "out-of": source, to }) {
      const member = into ?? source;
      if (member === undefined || (into !== undefined && source !== undefined))
        return Trouble.at([], "MHLAB_SCENARIO_STEP", [
          member === undefined
            ? "it is not said which member this is about"
            : "this goes into a member and out of one at once",
          "give exactly one of into and out-of",
        ]);
      const way = into === undefined ? "out" : "in";
      const [inside, other] = way === "in" ? [to, from] : [from, to];
      const [insideKey, otherKey] = way === "in" ? ["to", "copy"] : ["copy", "to"];
      const path = absolute(inside);
      if (path instanceof BadValue) return Trouble.at([insideKey], path.code, [path.message, path.hint]);
      const own = fileBelow(other);
      if (own instanceof BadValue) return Trouble.at([otherKey], own.code, [own.message, own.hint]);
      return way === "in"
        ? { do: "copy", member, from: own, to: path, way }
        : { do: "copy", member, from: path, to: own, way };
    },
  }),
  command: ({ member, from, to, way }) =>
    way === "in"
      ? `mhlab exec -i ${member} -- tee ${shellWord(to)} < ${shellWord(from)}`
      : `mhlab exec ${member} -- cat ${shellWord(from)} > ${shellWord(to)}`,
};
