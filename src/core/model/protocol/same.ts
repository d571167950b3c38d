/** Whether two JSON values say the same; the order of keys says nothing, and a key without a value is no key. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((entry, index) => same(entry, other[index]))
    );
  }
  return sameKeys(one as Json, other as Json, NOTHING);
}

/** The same for two objects, apart from some of their keys. */
export function sameBut(one: Json, other: Json, but: Readonly<Record<string, unknown>>): boolean {
  return sameKeys(one, other, but);
}

export type Json = Readonly<Record<string, unknown>>;

/** A value with its keys, whatever its type says of them. */
export function fieldsOf(value: object): Json {
  return value as Json;
}

const NOTHING: Json = {};

function sameKeys(one: Json, other: Json, but: Json): boolean {
  for (const key in one) if (!Object.hasOwn(but, key) && !same(one[key], other[key])) return false;
  for (const key in other)
    if (!Object.hasOwn(but, key) && other[key] !== undefined && one[key] === undefined) return false;
  return true;
}
