/** A scenario, and the record of a run of it: what run.json and the three tables of a run's folder hold. */
import * as z from "zod";
import {
  capturePlan,
  flowPlan,
  listOf,
  observedShape,
  probePlan,
  type Tables,
} from "../experiment/record.ts";
import { expectationRecord } from "./expectations/registry.ts";
import { stepRecord } from "./steps/registry.ts";

const textOrNull = z.string().nullable();

/** A scenario, read and checked. */
const scenario = z.object({
  name: z.string(),
  /** For people: what is tried, and by which source. */
  title: textOrNull,
  /** The RFC and section, or paper, that it is about. */
  source: textOrNull,
  /** The lab file as it was written, relative to the scenario. */
  lab: z.string(),
  seed: z.number(),
  probes: probePlan,
  flows: listOf(flowPlan),
  captures: listOf(capturePlan),
  steps: listOf(stepRecord),
  expect: listOf(expectationRecord),
  /** How long the run goes on after the last step, so that what follows from it is seen. */
  settleS: z.number(),
});
export type Scenario = z.output<typeof scenario>;

/** The record without its tables: run.json. */
export const runShape = observedShape.extend({ scenario });
export type RunData = z.output<typeof runShape>;

/** All of one run. */
export type RunRecord = RunData & Tables;
