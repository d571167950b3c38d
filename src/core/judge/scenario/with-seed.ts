import { isMap, parseDocument } from "yaml";

/** The text of a scenario with another seed; the rest stays as it was written. A text that is no map stays as it is, and is refused as such. */
export function withSeed(text: string, seed: number): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  document.set("seed", seed);
  return document.toString();
}
