/** Expectations about commands: what they end with. */
import * as z from "zod";
import { named, whole } from "../entries/values.ts";
import { beginningOf, expectationKind, nothing, overRun } from "./kind.ts";

const exit = expectationKind("exit", {
  summary: "what the command of a `run` step ended with",
  example: "{exit: 0, of: ask-dns}",
  shape: { exit: whole(0, 255, "The exit code."), of: named("The id of the step.", "ask-dns") },
  refs: { of: "step" },
  fields: { step: z.string(), code: z.number() },
  read: ({ exit: code, of: step }) => ({ step, code }),
  text: ({ step, code }) => `${step} ends with ${code}`,
  judge({ step: id, code }, record) {
    const begun = beginningOf(record, id);
    if ("missing" in begun) return begun.missing;
    const { exitCode, detail, text, startedS, endedS } = begun.step;
    const evidence = [{ atS: endedS ?? startedS, text: detail ?? text }];
    if (exitCode === null)
      return {
        ...nothing("inconclusive", detail ?? "it did not end by itself"),
        result: endedS === null ? "inconclusive" : "failed",
        evidence,
      };
    return {
      result: exitCode === code ? "passed" : "failed",
      measured: `it ended with ${exitCode}`,
      value: exitCode,
      unit: null,
      evidence,
    };
  },
  limits: () => ({ atLeast: null, atMost: null }),
  ...overRun,
});

export const COMMAND_EXPECTATIONS = { exit };
