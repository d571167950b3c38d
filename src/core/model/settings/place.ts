import { name, NAME_PATTERN } from "../values/scalars.ts";
import { text } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

const LONGEST = 30;

/** How the name of an engine is written. */
export const engineName = text<string>({
  read: name(LONGEST, "it becomes part of a container name"),
  schema: { pattern: NAME_PATTERN, maxLength: LONGEST },
});

/** Where a provider's BNG runs. */
export const place = {
  engine: setting({
    path: "engine",
    codec: engineName,
    default: { value: undefined },
    group: "engine",
    elsewhere: true,
    text: {
      schema: "The engine it runs on; the first of `engines` by default.",
      lab: "the [engine](#engines) on which the BNG runs; without it, the first of `engines`",
    },
    examples: ["pi1"],
  }),
} satisfies Section;
