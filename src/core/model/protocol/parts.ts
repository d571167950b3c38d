/** How a change of each part of a status becomes events: the vocabulary of `tables.ts`. */

/** A field of an object or of a list's entry. A change of a field without one is an event with the whole object or entry. */
export type Field = { readonly told: "counter" } | ListPart;
type Fields = Readonly<Record<string, Field>>;

/** An object: any change of it is one event with all of it. */
export interface ObjectPart {
  readonly told: "object";
  readonly event: string;
  readonly fields: Fields;
}

/** A list: one event for each entry that was added, changed or removed. */
export interface ListPart {
  readonly told: "list";
  readonly event: string;
  readonly fields: Fields;
  /** Identifies an entry. */
  key(entry: never): string;
  /** Without one, the agent's order is kept. */
  readonly order?: (one: never, other: never) => number;
}

export type Part =
  /** One event, `state`, for all keys of this kind. */
  | { readonly told: "state" }
  /** One event for all keys that name it. */
  | { readonly told: "plain"; readonly event: string }
  /** No event by itself: the `counters` event has the values of all counters that changed. */
  | { readonly told: "counter" }
  | ObjectPart
  | ListPart;

export const state = { told: "state" } as const;
export const counter = { told: "counter" } as const;

export function plain(event: string): Part {
  return { told: "plain", event };
}

export function object<T>(event: string, fields: Partial<Record<keyof T & string, Field>>): ObjectPart {
  return { told: "object", event, fields: fields as Fields };
}

export function list<T>(
  event: string,
  key: (entry: T) => string,
  fields: Partial<Record<keyof T & string, Field>> = {},
  order?: (one: T, other: T) => number,
): ListPart {
  return { told: "list", event, fields: fields as Fields, key, ...(order === undefined ? {} : { order }) };
}
