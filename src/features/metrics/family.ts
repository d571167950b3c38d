/** The vocabulary of metrics: Prometheus' text format, version 0.0.4, by its naming rules. */
import type { LabStatus } from "../../core/model/status/model.ts";

/** Whose value it is. Every metric of a lab has `lab`; the others where they mean something. */
export const LABELS = ["lab", "provider", "cpe", "host"] as const;

/** One value with the labels that tell it apart, beside `lab`. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric: its samples are read from a lab's status each time, so that what is gone lingers nowhere. */
export interface Family {
  /** `mhlab_<thing>_<unit>`; a counter ends with `_total`. */
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  /** Nothing for what is not known: a value that was made up would look measured. `nowS`: seconds since 1970. */
  readonly read: (status: LabStatus, nowS: number) => readonly Sample[];
}

/** A sample, unless nobody knows the value. */
export function known(labels: Sample["labels"], value: number | null | undefined): Sample[] {
  return value === null || value === undefined ? [] : [{ labels, value }];
}

/** A truth as a number. */
export function truth(labels: Sample["labels"], value: boolean): Sample {
  return { labels, value: value ? 1 : 0 };
}
