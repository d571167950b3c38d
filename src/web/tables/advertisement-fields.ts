/** A router advertisement beside the one before it. Pure. */
import type { AdvertisementStatus, RaField } from "../../core/model/status/model.ts";

export interface ShownField extends RaField {
  /** Its value before, where that was another; null when the field was not there. */
  readonly before?: string | null;
  /** It was there before, and is not any more. */
  readonly gone?: true;
}

/** The fields with what each said before, and those that are gone. Several of one name are told apart by their values. */
export function comparedFields({
  fields,
  before,
}: Pick<AdvertisementStatus, "fields" | "before">): ShownField[] {
  if (before === null) return [...fields];
  const old = before.filter((one) => !fields.some((field) => same(field, one)));
  const shown = fields.map((field): ShownField => {
    if (before.some((one) => same(one, field))) return field;
    const index = old.findIndex(({ name }) => name === field.name);
    return { ...field, before: old.splice(index, index < 0 ? 0 : 1)[0]?.value ?? null };
  });
  return [...shown, ...old.map((field): ShownField => ({ ...field, gone: true }))];
}

function same(one: RaField, other: RaField): boolean {
  return one.name === other.name && one.value === other.value;
}
