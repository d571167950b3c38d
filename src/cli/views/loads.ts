/** Kinds of loads in words. */
import { metricOf } from "../../core/judge/experiment/load-metrics.ts";
import { loadRecord, LOAD_KINDS, type LoadKind } from "../../core/judge/load/registry.ts";
import { renderTable } from "./table.ts";
import { theme, type View } from "./theme.ts";
import { wrap } from "./width.ts";

/** One kind as data: what `mhlab load kinds --json` prints. */
export interface CataloguedLoad {
  readonly kind: LoadKind;
  readonly tool: string;
  readonly summary: string;
  readonly options: readonly {
    readonly name: string;
    readonly text: string;
    readonly default: string | null;
  }[];
  readonly measures: readonly {
    readonly metric: string;
    readonly unit: string | null;
    readonly text: string;
  }[];
  /** Seconds. */
  readonly longest: number;
}

export function catalogued(kind: LoadKind): CataloguedLoad {
  const { tool, summary, schema, metrics, longestS } = loadRecord(kind);
  const options = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const described = typeof one === "object" ? one : {};
    const usual = described.default;
    return {
      name,
      text: described.description ?? "",
      default: typeof usual === "string" || typeof usual === "number" ? String(usual) : null,
    };
  });
  const measures = metrics.map((metric) => ({
    metric,
    unit: metricOf(metric).unit,
    text: metricOf(metric).meaning,
  }));
  return { kind, tool, summary, options, measures, longest: longestS };
}

export function renderLoadKinds({ colour, columns }: View): string {
  const look = theme(colour);
  const rows = LOAD_KINDS.map((kind) => [look.strong(kind), loadRecord(kind).summary]);
  return [...renderTable(["LOAD", "WHAT IT DOES"], rows, { look, width: columns }), ""].join("\n");
}

export function renderLoadKind(kind: LoadKind, { colour, columns }: View): string {
  const look = theme(colour);
  const { summary, tool, options, measures, longest } = catalogued(kind);
  const entry = (text: string): string[] => wrap(text, { width: columns, lead: "  ", hang: "    " });
  return [
    ...wrap(`${look.strong(kind)}  ${summary}`, { width: columns, hang: "  " }),
    "",
    look.dim("TOOL"),
    ...entry(`${tool}, for at most ${longest} s`),
    "",
    look.dim("OPTIONS"),
    ...options.flatMap(({ name, text, default: usual }) =>
      entry(`${look.strong(`${name}=`)} ${text}${usual === null ? "" : ` Default: ${usual}.`}`),
    ),
    "",
    look.dim("MEASURES"),
    ...measures.flatMap(({ metric, unit, text }) =>
      entry(`${look.strong(metric)} ${text}${unit === null ? "" : `, in ${unit}`}`),
    ),
    "",
  ].join("\n");
}
