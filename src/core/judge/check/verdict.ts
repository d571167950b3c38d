/** The result of a check: what check.json holds. */
import * as z from "zod";
import { DOCUMENTS, LEVELS, PROFILES, PHASES } from "./requirement.ts";

export const VERDICTS = ["pass", "fail", "inconclusive", "not-applicable", "skipped"] as const;
export type VerdictName = (typeof VERDICTS)[number];

const evidence = z.object({
  file: z.string().describe("The capture, in the folder of the check."),
  frame: z.number().describe("The number of the frame in it, from 1."),
  atS: z.number().describe("Seconds since the start of its run."),
});
export type Evidence = z.output<typeof evidence>;

const observed = z.object({
  side: z.enum(["wan", "lan"]).describe("wan: the captures at the providers; lan: the one at the host."),
  filter: z.string().describe("A Wireshark display filter."),
  frames: z.number().describe("How many frames of the window match it."),
});
export type Observed = z.output<typeof observed>;

const attempt = z.object({
  run: z.string().describe("The folder of its run, in that of the check."),
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  samples: z.number(),
  violations: z.number(),
});
export type Attempt = z.output<typeof attempt>;

const result = z.object({
  id: z.string(),
  document: z.enum(DOCUMENTS),
  profile: z.enum(PROFILES),
  level: z.enum(LEVELS),
  title: z.string(),
  verdict: z.enum(VERDICTS),
  reason: z.string().describe("Why, in a sentence."),
  samples: z.number().describe("How many packets, or events, the verdict rests on."),
  violations: z.number().describe("How many of them are not as required."),
  observed: z.array(observed),
  evidence: z.array(evidence).describe("The first violations; of a pass, the first samples."),
  attempts: z
    .array(attempt)
    .describe("Each time that it was checked, if it failed and failures are repeated; otherwise empty."),
  phase: z.enum(PHASES),
  fromS: z
    .number()
    .nullable()
    .describe("The window, in seconds since the start; null when it was not reached."),
  toS: z.number().nullable(),
});
export type Result = z.output<typeof result>;

export const checkShape = z.object({
  format: z.literal(1),
  lab: z.string(),
  cpe: z.string(),
  mhlab: z.string(),
  tshark: z.string(),
  startedAt: z.string().describe("UTC, RFC 3339."),
  durationS: z.number().describe("Of the run and its repetitions."),
  partial: z.boolean().describe("It was ended before its end."),
  profiles: z.record(z.string(), z.record(z.enum(VERDICTS), z.number())).describe("Verdicts per profile."),
  results: z.array(result),
});
export type Check = z.output<typeof checkShape>;

/** The JSON Schema (draft-07) of check.json. */
export function checkJsonSchema(): object {
  return z.toJSONSchema(checkShape, { target: "draft-7" });
}

/** How many of each verdict. */
export function countVerdicts(results: readonly Pick<Result, "verdict">[]): Record<VerdictName, number> {
  const counts = { pass: 0, fail: 0, inconclusive: 0, "not-applicable": 0, skipped: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}
