/** Readers of a file that is JSON: what is wrong is named by its place. */
import { isObject } from "../values/shape.ts";

/** Readers of an object's fields; each throws an Error that names the field. */
interface FieldReaders {
  readonly text: (field: string, isRight?: (text: string) => boolean) => string;
  readonly integer: (field: string) => number;
  /** Whether it is there and true. */
  readonly flag: (field: string) => boolean;
  readonly list: <T>(field: string, read: (item: unknown, at: string) => T) => T[];
  /** Nothing when the field is left out. */
  readonly part: <T>(field: string, read: (value: unknown) => T) => T | Record<string, never>;
}

/** The readers of an object at a place; throws an Error when it is none. */
export function fieldsOf(value: unknown, at: string): FieldReaders {
  if (!isObject(value)) throw new Error(`${at} is not an object`);
  return {
    text(field, isRight = () => true) {
      const found = textField(value, field, `${at}.${field}`);
      if (!isRight(found)) throw new Error(`${at}.${field} is wrong: ${found}`);
      return found;
    },
    integer(field) {
      const found = value[field];
      if (typeof found !== "number" || !Number.isInteger(found))
        throw new Error(`${at}.${field} is not an integer`);
      return found;
    },
    flag: (field) => value[field] === true,
    list(field, read) {
      const found = value[field];
      if (!Array.isArray(found)) throw new Error(`${at}.${field} is not a list`);
      return found.map((item: unknown, index) => read(item, `${at}.${field}[${index}]`));
    },
    part: (field, read) => (value[field] === undefined ? {} : read(value[field])),
  };
}

/** A text that is not empty; throws an Error that names its place. */
export function textField(value: Record<string, unknown>, field: string, at: string): string {
  const found = value[field];
  if (typeof found !== "string" || found === "") throw new Error(`${at} is not a text`);
  return found;
}
