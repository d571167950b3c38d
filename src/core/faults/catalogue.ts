/** The catalogue of faults as data: what `mhlab fault kinds --json` prints. */
import { FAULT_KINDS, type FaultKind } from "./names.ts";
import { faultRecord } from "./registry.ts";

/** One kind; the keys are a contract. */
export interface Catalogued {
  readonly kind: FaultKind;
  readonly summary: string;
  readonly provider: string;
  readonly customer: string;
  readonly normal: string;
  readonly advice: string;
  /** It happens once; there is nothing to heal. */
  readonly once: boolean;
  readonly directions: readonly string[];
  readonly options: readonly CataloguedOption[];
  /** Features of the kernel. */
  readonly needs: readonly string[];
}

export interface CataloguedOption {
  readonly name: string;
  readonly text: string;
  /** What it can be, in words. */
  readonly right: string;
  readonly required: boolean;
  readonly default: string | null;
}

/** One kind of the catalogue. */
export function catalogued(kind: FaultKind): Catalogued {
  const record = faultRecord(kind);
  const { summary, provider, customer, normal, advice, directions } = record;
  return {
    kind,
    summary,
    provider,
    customer,
    normal,
    advice,
    once: record.nature === "deed",
    directions,
    options: Object.entries(record.options).map(
      ([name, { text, right, required, default: otherwise = null }]) => ({
        name,
        text,
        right,
        required,
        default: otherwise,
      }),
    ),
    needs: record.nature === "deed" ? [] : (record.needs ?? []).map(({ name }) => name),
  };
}

/** All kinds, in their order. */
export function catalogue(): Catalogued[] {
  return FAULT_KINDS.map(catalogued);
}
