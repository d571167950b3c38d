/** How links are written as one word with colons, in labels and on the command line: `vlan:enp2s0:101`. */
import { BadValue, type ReadScalar } from "../values/scalars.ts";

export interface Grammar<L> {
  /** Its forms with the kind in front, for messages. */
  readonly forms: readonly string[];
  /** Reads what stands behind the kind, cut at the colons. */
  read(parts: readonly string[]): L | BadValue;
  /** Writes a link so that `read` reads the same. */
  write(link: L): readonly string[];
}

/** What the word of a kind with one name consists of. */
interface Named<L> {
  readonly kind: string;
  /** What the name is of, for messages. */
  readonly of: string;
  readonly name: ReadScalar<string>;
  link(name: string): L;
  nameOf(link: L): string;
}

/** The grammar of a kind that needs one name: `bridge:br-lab`. */
export function named<L>(own: Named<L>): Grammar<L> {
  const { kind, of } = own;
  return {
    forms: [`${kind}:<${of}>`],
    read([text = "", ...more]) {
      const value = own.name(text);
      if (value instanceof BadValue) return value;
      return more.length === 0 ? own.link(value) : tooMuch([kind, text, ...more], `${kind}:${value}`);
    },
    write: (link) => [own.nameOf(link)],
  };
}

/** The complaint about a word with more parts than its kind has. */
export function tooMuch(parts: readonly string[], right: string): BadValue {
  return new BadValue(
    "MHLAB_LAB_SUBSCRIBER_KIND",
    `'${parts.join(":")}' has a part too much`,
    `write ${right}`,
  );
}

/** `a, b or c`. */
export function eitherOf(forms: readonly string[]): string {
  return `${forms.slice(0, -1).join(", ")} or ${forms.at(-1) ?? ""}`;
}
