/** Steps that begin and end faults. */
import * as z from "zod";
import { InjectionError, readInjection } from "../../../model/faults/injection.ts";
import { FAULT_KINDS } from "../../../model/faults/kinds.ts";
import { parseSpan } from "../../../model/values/units.ts";
import { shellWord } from "../../../model/words.ts";
import { scalar, VARIABLE } from "../../../model/yaml/scalar.ts";
import { Trouble } from "../entries/entry.ts";
import { named } from "../entries/values.ts";
import { faultSchema } from "./fault-schema.ts";
import { stepKind } from "./kind.ts";

const LIMIT_S = 30;

const fault = stepKind("fault", {
  summary: "injects a fault into a provider, for a time or until it is cleared",
  example: "{at: 10s, fault: upstream-blackhole, provider: alpha, for: 30s}",
  shape: {
    fault: scalar((text) => text, {
      description: "Which fault; `mhlab fault kinds` lists them.",
      anyOf: [{ enum: FAULT_KINDS }, { pattern: VARIABLE }],
      examples: ["upstream-blackhole"],
    }),
    provider: named("Whom it happens to.", "alpha"),
  },
  further: "`for`, `direction` or an option of the fault: see `mhlab fault kinds <kind>`.",
  forEditors: faultSchema,
  refs: { provider: "provider" },
  fields: { kind: z.string(), provider: z.string(), options: z.record(z.string(), z.string()) },
  read({ fault: kind, provider }, options) {
    const problem = refused(kind, options);
    if (problem === undefined) return { kind, provider, options };
    return Trouble.at([culprit(kind, options)], "MHLAB_SCENARIO_FAULT", [problem.message, problem.hint]);
  },
  command({ kind, provider, options }) {
    const { for: time, direction, ...own } = options;
    return [
      `mhlab fault inject ${kind} ${provider}`,
      ...Object.entries(own).map(([key, value]) => shellWord(`${key}=${value}`)),
      ...(time === undefined ? [] : [`--for ${time}`]),
      ...(direction === undefined ? [] : [`--direction ${direction}`]),
    ].join(" ");
  },
  limitS: () => LIMIT_S,
  node: ({ provider }) => provider,
  lastsS({ options }) {
    const ms = parseSpan(options["for"] ?? "");
    return ms === undefined ? undefined : ms / 1000;
  },
});

function refused(kind: string, options: Readonly<Record<string, string>>): InjectionError | undefined {
  try {
    readInjection(kind, options);
    return undefined;
  } catch (error) {
    if (error instanceof InjectionError) return error;
    throw error;
  }
}

/** The key without which something else would be wrong, or nothing. */
function culprit(kind: string, options: Readonly<Record<string, string>>): string {
  const message = refused(kind, options)?.message;
  const keys = Object.keys(options);
  return (
    keys.find((key) => {
      const rest = Object.fromEntries(Object.entries(options).filter(([other]) => other !== key));
      return refused(kind, rest)?.message !== message;
    }) ?? "fault"
  );
}

const heal = stepKind("heal", {
  summary: "ends the fault of a step, those of a provider, or all",
  example: "{at: 40s, heal: all}",
  shape: { heal: named("The id of a fault step, a provider, or `all`.", "all") },
  refs: { heal: "healed" },
  fields: { which: z.string() },
  read: ({ heal: which }) => ({ which }),
  command: ({ which }) => `mhlab fault clear ${which === "all" ? "--all" : which}`,
  limitS: () => LIMIT_S,
  node: () => null,
});

export const FAULT_STEPS = { fault, heal };
