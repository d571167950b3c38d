/** What a BNG holds on the host, as one word: for a label, and for the helper that undoes it when the BNG was killed. */
import { formatLink } from "./link.ts";
import type { BngConfig } from "./config.ts";

export interface HostLinkWord {
  readonly provider: string;
  readonly interface: string;
  /** As in `SUBSCRIBER_LINK`. */
  readonly link: string;
}

/** The word for a BNG; undefined when the kernel clears all that it makes by itself. */
export function formatHostLink({
  name,
  subscriber,
}: Pick<BngConfig, "name" | "subscriber">): string | undefined {
  const { link } = subscriber;
  const lasting =
    link.kind === "claim" || link.kind === "lan" || (link.kind === "vlan" && link.outer !== undefined);
  return lasting ? `${name}/${subscriber.interface}/${formatLink(link)}` : undefined;
}

/** Reads the word; no name in it can hold a slash. */
export function parseHostLink(word: string): HostLinkWord | undefined {
  const [provider, name, link, ...more] = word.split("/");
  if (!provider || !name || !link || more.length > 0) return undefined;
  return { provider, interface: name, link };
}

/** Reads words with spaces between; what is no word is left out. */
export function parseHostLinks(text: string): HostLinkWord[] {
  return text.split(" ").flatMap((word) => parseHostLink(word) ?? []);
}
