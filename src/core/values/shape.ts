/** Reads what an agent says into a type, because a container of another version, or an evil one, can say anything. */

/** Reads one value: what is not there becomes the blank, what is of another kind is refused by `Refused`. */
export type Shape<T> = (value: unknown) => T;

/** A value that is none of the kind. */
export class Refused extends Error {}

function shape<T>(blank: T, read: (value: unknown) => T | undefined): Shape<T> {
  return (value) => {
    if (value === undefined) return blank;
    const found = read(value);
    if (found === undefined) throw new Refused("a value is of another kind");
    return found;
  };
}

export const text = shape("", (value) => (typeof value === "string" ? value : undefined));
export const number = shape(0, (value) => (Number.isFinite(value) ? (value as number) : undefined));
export const flag = shape(false, (value) => (typeof value === "boolean" ? value : undefined));

/** One word of a set; the first is the blank. */
export function oneOf<T extends string>(...words: readonly [T, ...T[]]): Shape<T> {
  return shape<T>(words[0], (value) => words.find((word) => word === value));
}

/** The same, or null, which is also the blank. */
export function orNull<T>(of: Shape<T>): Shape<T | null> {
  return (value) => (value === undefined || value === null ? null : of(value));
}

export function list<T>(of: Shape<T>): Shape<T[]> {
  return shape<T[]>([], (value) =>
    Array.isArray(value) ? value.map((item: unknown) => of(item)) : undefined,
  );
}

/** Values by any words. */
export function record<T>(of: Shape<T>): Shape<Record<string, T>> {
  return shape<Record<string, T>>({}, (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, of(item)]))
      : undefined,
  );
}

/** An object of these keys; further ones, which a later version may have, stay as they are unless they are nested without end. */
export function object<T extends object>(keys: { readonly [K in keyof Required<T>]: Shape<T[K]> }): Shape<T> {
  return (value) => {
    if (value !== undefined && !isObject(value)) throw new Refused("a value is no object");
    const given = value ?? {};
    const read = Object.entries<Shape<unknown>>(keys).flatMap(([key, of]) => {
      const found = of(Object.hasOwn(given, key) ? given[key] : undefined);
      return found === undefined ? [] : [[key, found] as const];
    });
    const more = Object.entries(given).filter(([key, item]) => !Object.hasOwn(keys, key) && isShallow(item));
    return Object.fromEntries([...more, ...read]) as T;
  };
}

/** What may be left out, and then stays so. */
export function optional<T>(of: Shape<T>): Shape<T | undefined> {
  return (value) => (value === undefined ? undefined : of(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Readers of any value go down into it. */
const DEEPEST = 16;

function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth < DEEPEST && Object.values(value).every((item) => isShallow(item, depth + 1));
}
