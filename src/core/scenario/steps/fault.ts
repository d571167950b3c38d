import { InjectionError, readInjection } from "../../faults/injection.ts";
import { FAULT_KINDS } from "../../faults/kinds.ts";
import { scalar, VARIABLE } from "../../yaml/scalar.ts";
import { shellWord } from "../../words.ts";
import { entryKind, Trouble } from "../entry.ts";
import { named } from "../values.ts";
import type { Deed } from "../../experiment/model.ts";
import { faultSchema } from "./fault-schema.ts";
import type { StepKind } from "./step-kind.ts";

type Fault = Extract<Deed, { do: "fault" }>;

/** A fault at a provider. */
export const fault: StepKind<Fault> = {
  entry: entryKind({
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
    read({ fault: kind, provider }, options) {
      const problem = refused(kind, options);
      if (problem === undefined) return { do: "fault", kind, provider, options };
      return Trouble.at([culprit(kind, options)], "MHLAB_SCENARIO_FAULT", [problem.message, problem.hint]);
    },
  }),
  command({ kind, provider, options }) {
    const { for: time, direction, ...own } = options;
    return [
      `mhlab fault inject ${kind} ${provider}`,
      ...Object.entries(own).map(([key, value]) => shellWord(`${key}=${value}`)),
      ...(time === undefined ? [] : [`--for ${time}`]),
      ...(direction === undefined ? [] : [`--direction ${direction}`]),
    ].join(" ");
  },
};

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
