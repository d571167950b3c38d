/** The fields of a form that injects a fault, from the records of the kinds. */
import { span } from "../../core/model/faults/option.ts";
import { familyOf, FAULT_KINDS, faultRecord, type FaultKind } from "../../core/model/faults/kinds.ts";
import type { Field } from "./field.ts";

const LONGEST_MS = 24 * 3_600_000;

/** How long a fault is in force. */
export const FAULT_TIME: Field = {
  text: "For how long; empty: until it is cleared",
  optional: true,
  input: span(1000, LONGEST_MS).input,
};

/**
 * The kinds as choices in the order of the catalogue, each with the fields of its options. Kinds that read a file are left out:
 * the file is on the machine where `mhlab fault inject` is called.
 */
export function injectable(): NonNullable<Field["choices"]> {
  return FAULT_KINDS.filter((kind) => !readsFile(kind)).map((kind) => ({
    value: kind,
    text: faultRecord(kind).summary,
    group: familyOf(kind),
    fields: fieldsOf(kind),
  }));
}

function readsFile(kind: FaultKind): boolean {
  return Object.values(faultRecord(kind).options).some(({ isFile }) => isFile === true);
}

function fieldsOf(kind: FaultKind): Record<string, Field> {
  const { directions, options } = faultRecord(kind);
  const [first, ...others] = directions;
  const direction: Field = {
    text: "which way the packets go",
    optional: true,
    input: { as: "word", words: directions },
    default: first,
  };
  return {
    ...(others.length === 0 ? {} : { direction }),
    ...Object.fromEntries(
      Object.entries(options).map(([name, { text, input, required, default: otherwise }]) => [
        name,
        {
          text,
          input,
          ...(otherwise === undefined ? {} : { default: otherwise }),
          ...(required ? {} : { optional: true as const }),
        },
      ]),
    ),
  };
}
