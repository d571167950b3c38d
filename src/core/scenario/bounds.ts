/** Limits of figures: how they are written. */
import type { Bounds } from "../experiment/model.ts";
import { showValue } from "../values/parse.ts";
import { BadValue } from "../values/scalars.ts";
import { parseBitrate, parsePercent, parseSpan } from "../values/units.ts";
import { scalar } from "../yaml/scalar.ts";
import type { Value } from "./values.ts";

/** A number with its unit: how a limit is written. */
interface Quantity {
  readonly read: (text: string) => number | undefined;
  readonly example: string;
}

const QUANTITIES = {
  count: {
    read: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
    example: "3",
  },
  time: {
    read: (text) => {
      const ms = parseSpan(text);
      return ms === undefined ? undefined : ms / 1000;
    },
    example: "1s",
  },
  percent: {
    read: (text) => {
      const share = parsePercent(text);
      return share === undefined ? undefined : Math.round(share * 10_000) / 100;
    },
    example: "1%",
  },
  bitrate: { read: parseBitrate, example: "10mbit" },
} as const satisfies Record<string, Quantity>;

/** A limit in words: `0`, `at most 1s`, `at least 3`, `1s to 3s`. */
export function bounds(kind: keyof typeof QUANTITIES, description: string): Value<Bounds> {
  const { read, example }: Quantity = QUANTITIES[kind];
  const right = `write ${example}, at most ${example}, at least ${example}, or two with to between`;
  const bad = (text: string): BadValue =>
    new BadValue("MHLAB_LAB_NUMBER", `${showValue(text)} is not a limit`, right);
  return scalar(
    (text) => {
      const [, most, least, from, to, exact] =
        /^(?:at most (\S+)|at least (\S+)|(\S+) to (\S+)|(\S+))$/.exec(text.trim()) ?? [];
      const [atMost, atLeast] = [read(most ?? to ?? exact ?? ""), read(least ?? from ?? exact ?? "")];
      const [hasMost, hasLeast] = [least === undefined, most === undefined];
      if ((hasMost && atMost === undefined) || (hasLeast && atLeast === undefined)) return bad(text);
      if (atMost !== undefined && atLeast !== undefined && hasMost && hasLeast && atMost < atLeast)
        return bad(text);
      return { atLeast: hasLeast ? (atLeast ?? null) : null, atMost: hasMost ? (atMost ?? null) : null };
    },
    { description, type: ["string", "integer"], examples: [`at most ${example}`] },
  );
}
