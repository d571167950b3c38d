/** Expectations about commands: what they end with, and what iperf3 measured. */
import * as z from "zod";
import { inBits, inBounds, isWithin } from "../../experiment/figures.ts";
import { boundsShape } from "../../experiment/record.ts";
import { bounds, file as fileValue, named, whole } from "../entries/values.ts";
import { beginningOf, expectationKind, nothing, overRun } from "./kind.ts";

const throughput = expectationKind("throughput", {
  summary: "the rate that iperf3 measured in a `run` step, from the JSON that it saved",
  example: "{throughput: at least 10mbit, file: iperf3.json}",
  shape: {
    throughput: bounds("bitrate", "How much."),
    file: fileValue("What the step saved.", "iperf3.json"),
  },
  refs: { file: "file" },
  fields: { file: z.string(), bitsPerS: boundsShape },
  read: ({ throughput: bitsPerS, file }) => ({ file, bitsPerS }),
  text: ({ file, bitsPerS }) => `the throughput in ${file} is ${inBounds(bitsPerS, inBits)}`,
  judge({ file, bitsPerS }, record) {
    const plan = record.scenario.steps.find((step) => step.do === "run" && step.save === file);
    const begun = plan === undefined ? undefined : beginningOf(record, plan.id);
    if (begun !== undefined && "missing" in begun) return begun.missing;
    const rate = record.throughputs?.[file];
    if (rate === undefined)
      return {
        ...nothing("inconclusive", `${file} has no rate`),
        result: begun?.step.outcome === "failed" ? "failed" : "inconclusive",
      };
    return {
      result: isWithin(rate, bitsPerS) ? "passed" : "failed",
      measured: inBits(rate),
      value: rate,
      unit: "bit/s",
      evidence: begun === undefined ? [] : [{ atS: begun.step.startedS, text: begun.step.text }],
    };
  },
  limits: ({ bitsPerS }) => bitsPerS,
  ...overRun,
});

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

export const COMMAND_EXPECTATIONS = { throughput, exit };
