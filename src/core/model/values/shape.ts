/** Reads what an agent says into a type, because a container of another version, or an evil one, can say anything. */

/** What a value can be, as data: a schema and its documentation are made of it. */
export type Kind = {
  /** What it means, for people. */
  readonly text?: string;
  /** It counts, or is measured: it changes all the time. */
  readonly counts?: true;
} & (
  | { readonly is: "text" | "number" | "flag" }
  | { readonly is: "word"; readonly words: readonly string[] }
  | { readonly is: "null-or" | "record" | "optional"; readonly of: Kind }
  /** `key` are the keys of an entry that identify it, where entries have an identity. */
  | { readonly is: "list"; readonly of: Kind; readonly key?: readonly string[] }
  | { readonly is: "object"; readonly keys: Readonly<Record<string, Kind>> }
);

/** Reads one value: what is not there becomes the blank, what is of another kind is refused by `Refused`. */
export type Reader<T> = (value: unknown) => T;

/** A reader that tells what it reads. */
export interface Shape<T> {
  (value: unknown): T;
  readonly kind: Kind;
  /** The same with its meaning. */
  describe(text: string): this;
  /** The same of what counts, or is measured: it changes all the time. */
  counting(): this;
}

/** What a shape reads. */
export type Of<S> = S extends Shape<infer T> ? T : never;

type Keys<T> = { readonly [K in keyof Required<T>]: Shape<T[K]> };

/** The shape of an object, with those of its keys. */
export interface ObjectShape<T, K = Keys<T>> extends Shape<T> {
  readonly keys: K;
}

interface OptionalShape<T> extends Shape<T | undefined> {
  readonly optional: true;
}

type AnyKeys = Readonly<Record<string, Shape<unknown>>>;
type OptionalIn<K> = { [P in keyof K]: K[P] extends { readonly optional: true } ? P : never }[keyof K];
type Flat<T> = { [P in keyof T]: T[P] };
/** The object that shapes of its keys read. */
type ObjectOf<K> = Flat<
  { -readonly [P in Exclude<keyof K, OptionalIn<K>>]: Of<K[P]> } & {
    -readonly [P in OptionalIn<K>]?: Exclude<Of<K[P]>, undefined>;
  }
>;

/** A value that is none of the kind. */
export class Refused extends Error {}

function shape<T>(kind: Kind, blank: T, read: (value: unknown) => T | undefined): Shape<T> {
  const reader = (value: unknown): T => {
    if (value === undefined) return blank;
    const found = read(value);
    if (found === undefined) throw new Refused("a value is of another kind");
    return found;
  };
  return shapeOf(kind, reader, {});
}

function shapeOf<T, M extends object>(kind: Kind, read: Reader<T>, more: M): Shape<T> & M {
  const made = Object.assign((value: unknown) => read(value), more, {
    kind,
    describe: (text: string) => shapeOf({ ...kind, text }, read, more),
    counting: () => shapeOf({ ...kind, counts: true }, read, more),
  });
  return made;
}

export const text = shape({ is: "text" }, "", (value) => (typeof value === "string" ? value : undefined));
export const number = shape({ is: "number" }, 0, (value) =>
  Number.isFinite(value) ? (value as number) : undefined,
);
export const flag = shape({ is: "flag" }, false, (value) => (typeof value === "boolean" ? value : undefined));

/** One word of a set; the first is the blank. */
export function oneOf<T extends string>(...words: readonly [T, ...T[]]): Shape<T> {
  return shape<T>({ is: "word", words }, words[0], (value) => words.find((word) => word === value));
}

/** A word of a set that later versions may add to: any text is read. */
export function openWord<T extends string>(...words: readonly [T, ...T[]]): Shape<T> {
  return shape<T>({ is: "word", words }, words[0], (value) =>
    typeof value === "string" ? (value as T) : undefined,
  );
}

/** The same, or null, which is also the blank. */
export function orNull<T>(of: Shape<T>): Shape<T | null> {
  const read = (value: unknown): T | null => (value === undefined || value === null ? null : of(value));
  return shapeOf({ is: "null-or", of: of.kind }, read, {});
}

/** Any number of them; entries with an identity are known by the values of these keys. */
export function list<T>(of: Shape<T>, ...key: readonly (keyof T & string)[]): Shape<T[]> {
  return shape<T[]>({ is: "list", of: of.kind, ...(key.length === 0 ? {} : { key }) }, [], (value) =>
    Array.isArray(value) ? value.map((item: unknown) => of(item)) : undefined,
  );
}

/** Values by any words. */
export function record<T>(of: Shape<T>): Shape<Record<string, T>> {
  return shape<Record<string, T>>({ is: "record", of: of.kind }, {}, (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, of(item)]))
      : undefined,
  );
}

/** An object of these keys; further ones, which a later version may have, stay as they are unless they are nested without end. */
export function object<T extends object>(keys: Keys<T>): ObjectShape<T> {
  const readers = Object.entries<Shape<unknown>>(keys);
  const kinds = readers.map(([key, of]) => [key, of.kind] as const);
  const read = (value: unknown): T => {
    if (value !== undefined && !isObject(value)) throw new Refused("a value is no object");
    const given = value ?? {};
    const more = Object.keys(given).filter((key) => !Object.hasOwn(keys, key) && isShallow(given[key]));
    // Only names of ours are assigned: one that somebody else chose may be `__proto__`.
    const told: Record<string, unknown> =
      more.length === 0 ? {} : Object.fromEntries(more.map((key) => [key, given[key]]));
    for (const [key, of] of readers) {
      const found = of(Object.hasOwn(given, key) ? given[key] : undefined);
      if (found !== undefined) told[key] = found;
    }
    return told as T;
  };
  return shapeOf({ is: "object", keys: Object.fromEntries(kinds) }, read, { keys });
}

/** The same, of a type that is made of the shapes. */
export function struct<K extends AnyKeys>(keys: K): ObjectShape<ObjectOf<K>, K> {
  return object<ObjectOf<K>>(keys as never) as unknown as ObjectShape<ObjectOf<K>, K>;
}

/** What may be left out, and then stays so. */
export function optional<T>(of: Shape<T>): OptionalShape<T> {
  const read = (value: unknown): T | undefined => (value === undefined ? undefined : of(value));
  return shapeOf({ is: "optional", of: of.kind }, read, { optional: true } as const);
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Readers of any value go down into it. */
const DEEPEST = 16;

function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth < DEEPEST && Object.values(value).every((item) => isShallow(item, depth + 1));
}
