import { ALL_KINDS } from "../core/model/links/registry.ts";
import { formatWord, subscriberValue } from "../core/model/links/word.ts";
import { flowText } from "../core/model/yaml/edit-values.ts";
import { table, withTables } from "./docs-tables.ts";

/** A page of the docs with its tables of links made anew, between `<!-- links: keys -->` and `<!-- end -->`. */
export function withLinkTables(page: string): string {
  return withTables(page, "links", (name) => (name === "keys" ? keyTable() : situationTable()));
}

/** What each key of `subscriber` takes. */
function keyTable(): string {
  const rows = ALL_KINDS.flatMap(({ key, docs }) =>
    docs.values.map(({ value, meaning }) => [`\`${key}\``, value, meaning]),
  );
  return table(["key", "value", "meaning"], rows);
}

/** What a person has, and the link for it. */
function situationTable(): string {
  const rows = ALL_KINDS.flatMap(({ docs }) =>
    docs.situations.map(({ have, link }) => {
      const word = formatWord(link);
      return [have, `\`${flowText(subscriberValue(word))}\``, `\`${word}\``];
    }),
  );
  return table(["you have", "lab.yaml", "`--link`"], rows);
}
