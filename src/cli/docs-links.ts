import { bngSubscriber } from "../core/links/bng.ts";
import { formatLink } from "../core/links/environment.ts";
import { ALL_KINDS, kindOf, type SubscriberLink } from "../core/links/registry.ts";
import { formatWord, subscriberValue } from "../core/links/word.ts";
import { flowText } from "../core/lab/edit-values.ts";
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
      return [have, `\`${flowText(subscriberValue(word))}\``, variableOf(link), `\`${word}\``];
    }),
  );
  return table(["you have", "lab.yaml", "`SUBSCRIBER_LINK`", "`--link`"], rows);
}

/** By hand, without a lab; empty for a link that only a lab can have. */
function variableOf(link: SubscriberLink): string {
  if (kindOf(link).environment === undefined) return "";
  return `\`${formatLink(bngSubscriber(link, { lab: "by-hand", provider: "alpha" }).link)}\``;
}
