import { formatSeconds } from "../../core/model/duration.ts";
import { optionWords } from "../../core/model/faults/fault.ts";
import { FAULT_KINDS, type FaultKind, faultRecord } from "../../core/model/faults/kinds.ts";
import type { FaultStatus } from "../../core/model/status/model.ts";
import { secondsUntil } from "../../core/model/utc.ts";
import { renderTable } from "./table.ts";
import { harmlessAll, theme, type TimedView, type View } from "./theme.ts";
import { wrap } from "./width.ts";

/** A fault as a list shows it. */
export interface ListedFault extends FaultStatus {
  readonly lab: string;
  readonly provider: string;
}

/** Every kind in a line. */
export function renderKinds({ colour, columns }: View): string {
  const look = theme(colour);
  const lines = renderTable(
    ["FAULT", "WHAT THE PROVIDER DOES"],
    FAULT_KINDS.map((kind) => [look.strong(kind), faultRecord(kind).summary]),
    { look, width: columns },
  );
  return [...lines, ""].join("\n");
}

/** All that is known of one kind. */
export function renderKind(kind: FaultKind, { colour, columns }: View): string {
  const look = theme(colour);
  const record = faultRecord(kind);
  const options = Object.entries(record.options);
  const paragraph = (heading: string, text: string): string[] => [
    "",
    look.dim(heading),
    ...wrap(text, { width: columns, lead: "  " }),
  ];
  const lines = [
    `${look.strong(kind)}  ${record.summary}`,
    ...paragraph("THE PROVIDER", record.provider),
    ...paragraph("THE CPE SEES", record.customer),
    ...paragraph("STAYS NORMAL", record.normal),
    ...paragraph("WHAT A CPE SHOULD DO", record.advice),
    ...paragraph("DIRECTION", record.once ? "it happens once, at once" : record.directions.join(", ")),
    ...(options.length === 0 ? [] : ["", look.dim("OPTIONS")]),
    ...options.flatMap(([name, { text, right, default: otherwise, required }]) => {
      const more = required ? "; required" : otherwise === undefined ? "" : `; default ${otherwise}`;
      return wrap(`${look.strong(`${name}=`)} ${text}: ${right}${more}`, {
        width: columns,
        lead: "  ",
        hang: "    ",
      });
    }),
  ];
  return [...lines, ""].join("\n");
}

/** Injected faults, one line each. */
export function renderFaults(
  found: readonly ListedFault[],
  { colour, columns, nowMs = Date.now() }: TimedView,
): string {
  const nowS = nowMs / 1000;
  const faults = harmlessAll(found);
  if (faults.length === 0) return "no fault is injected\n";
  const look = theme(colour);
  const lines = renderTable(
    [
      "FAULT",
      "KIND",
      { heading: "LEFT", rank: 4 },
      { heading: "DIRECTION", rank: 2 },
      { heading: "OPTIONS", rank: 1 },
      { heading: "HITS", rank: 3 },
    ],
    faults.map(({ id, kind, endsAt, direction, options, hits }) => [
      look.strong(id),
      kind,
      endsAt === null ? look.dim("until cleared") : formatSeconds(secondsUntil(endsAt, nowS)),
      direction,
      optionWords(options),
      hitsInWords(hits),
    ]),
    { look, width: columns },
  );
  return [...lines, ""].join("\n");
}

function hitsInWords({ up, down }: FaultStatus["hits"]): string {
  const words = [...(up > 0 ? [`${up} up`] : []), ...(down > 0 ? [`${down} down`] : [])];
  return words.length === 0 ? "none" : words.join(", ");
}
