/** The text form of a BNG's subscriber link (`SUBSCRIBER_LINK`). */
import { BadValue } from "../values/scalars.ts";
import { eitherOf } from "./grammar.ts";
import { ALL_KINDS, kindNamed, kindOf, type BngLink } from "./registry.ts";

/** What `SUBSCRIBER_LINK` may say. */
export const LINK_FORMS: readonly string[] = ALL_KINDS.flatMap(({ environment }) => environment?.forms ?? []);

/** The same for messages. */
export const LINK_FORMS_TEXT = eitherOf(LINK_FORMS);

/** The value of `SUBSCRIBER_LINK`. */
export function parseLink(text: string): BngLink | undefined {
  const [name = "", ...parts] = text.split(":");
  const link = kindNamed(name)?.environment?.read(parts);
  return link instanceof BadValue ? undefined : link;
}

/** Writes a link so that parseLink reads the same. */
export function formatLink(link: BngLink): string {
  return [link.kind, ...(kindOf(link).environment?.write(link) ?? [])].join(":");
}
