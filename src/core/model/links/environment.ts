/** A BNG's access link as one word: in the label by which a killed BNG's link is undone, and in a keeper's document. */
import { BadValue } from "../values/scalars.ts";
import { kindNamed, kindOf, type BngLink } from "./registry.ts";

/** Reads the word; undefined when it is none. */
export function parseLink(text: string): BngLink | undefined {
  const [name = "", ...parts] = text.split(":");
  const link = kindNamed(name)?.environment?.read(parts);
  return link instanceof BadValue ? undefined : link;
}

/** Writes a link so that parseLink reads the same. */
export function formatLink(link: BngLink): string {
  return [link.kind, ...(kindOf(link).environment?.write(link) ?? [])].join(":");
}
