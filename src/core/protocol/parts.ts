/** The vocabulary of the tables that say how each part of a status is told. */

/** How a field of an object or of a list's entry is told; one that is not named is told with the whole. */
export type Field = { readonly told: "counter" } | ListPart;
type Fields = Readonly<Record<string, Field>>;

/** An object that is told whole. */
export interface ObjectPart {
  readonly told: "object";
  readonly event: string;
  readonly fields: Fields;
}

/** A list whose entries are told one by one. */
export interface ListPart {
  readonly told: "list";
  readonly event: string;
  readonly fields: Fields;
  key(entry: never): string;
  /** Left out, the order is the agent's. */
  readonly order?: (one: never, other: never) => number;
}

/** How a key of a status is told. */
export type Part =
  /** Together with the others of its kind, as `state`. */
  | { readonly told: "state" }
  /** Beside whatever else changed, in an object of that name. */
  | { readonly told: "plain"; readonly event: string }
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
  return {
    told: "list",
    event,
    fields: fields as Fields,
    key: key,
    ...(order === undefined ? {} : { order: order }),
  };
}
