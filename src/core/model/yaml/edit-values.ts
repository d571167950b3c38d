import { Document, isCollection, visit } from "yaml";

/** A value to write: text, a list of texts, or a map of values in its order. */
export type Value = string | readonly string[] | { readonly [key: string]: Value | undefined };

/** A value on one line as it stands inside `{ }` and `[ ]`. */
export function flowText(value: Value, json = false): string {
  if (json) return jsonText(value);
  return typeof value === "string" ? stringify([value]).slice(1, -1) : stringify(value);
}

/** A value on one line as it stands behind a key on a line of its own. */
export function lineText(value: Value): string {
  return stringify(value);
}

/** A map as lines `key: value`; the keys named in `open` get lines of their own for what is in them. */
export function blockLines(
  map: { readonly [key: string]: Value | undefined },
  open: readonly string[],
): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (!open.includes(key) || typeof value === "string" || Array.isArray(value)) {
      return [`${key}: ${lineText(value)}`];
    }
    const inner = blockLines(value as { readonly [key: string]: Value | undefined }, []);
    return [`${key}:`, ...inner.map((line) => `  ${line}`)];
  });
}

function stringify(value: Value): string {
  const document = new Document(value, { schema: "failsafe" });
  visit(document, (_, node) => {
    if (isCollection(node)) node.flow = true;
  });
  return document.toString({ flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}

function jsonText(value: Value): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
  const pairs = Object.entries(value as { readonly [key: string]: Value | undefined }).flatMap(
    ([key, inner]) => (inner === undefined ? [] : [`${JSON.stringify(key)}: ${jsonText(inner)}`]),
  );
  return `{${pairs.join(", ")}}`;
}
