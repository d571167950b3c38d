/** Which answer is wrong, when the lab file that comes of all of them is. */
import type { Diagnostic } from "../diagnostics.ts";
import type { DiagnosticCode } from "../error-codes.ts";
import { answerPlaces } from "./provider-entry.ts";

/** An answer that a diagnostic is about. */
export interface Wrong {
  /** The provider, counted from 0; undefined: an answer about the lab. */
  readonly provider: number | undefined;
  readonly id: string;
  readonly code: DiagnosticCode;
  readonly problem: string;
}

const LAB_PLACES: readonly (readonly [path: string, id: string])[] = [
  ["name", "name"],
  ["internet", "internet"],
  ["cpes[0].name", "cpe"],
  ["cpes[0].hosts", "hosts"],
];

/** The answers that diagnostics are about; those about what is not asked for have none. */
export function wrongAnswers(diagnostics: readonly Diagnostic[]): Wrong[] {
  return diagnostics.flatMap(({ code, severity, path, message, hint }) => {
    const place = severity === "error" ? placeOf(path) : undefined;
    return place === undefined
      ? []
      : { ...place, code, problem: hint === undefined ? message : `${message}: ${hint}` };
  });
}

function placeOf(path: string): Pick<Wrong, "provider" | "id"> | undefined {
  const [, index, own = ""] = /^providers\[(\d+)\]\.(.+)$/.exec(path) ?? [];
  const places = index === undefined ? LAB_PLACES : answerPlaces;
  const of = index === undefined ? path : own;
  const id = places.find(([place]) => of === place || of.startsWith(`${place}.`))?.[1];
  return id === undefined ? undefined : { provider: index === undefined ? undefined : Number(index), id };
}

/** What a new answer makes wrong, itself or another; what was wrong before, or may come right yet, is no fault of it. */
export function newlyWrong(after: readonly Wrong[], before: () => readonly Wrong[]): string | undefined {
  const wrong = after.filter(({ code }) => code !== "MHLAB_LAB_UNUSED_CPE");
  if (wrong.length === 0) return undefined;
  const known = new Set(before().map(({ problem }) => problem));
  return wrong.find(({ problem }) => !known.has(problem))?.problem;
}
