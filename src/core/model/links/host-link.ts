/** What a BNG holds on the host, as one word: for a label, and for the helper that undoes it when the BNG was killed. */
import type { BngSubscriber } from "./bng.ts";
import { formatLink } from "./environment.ts";
import { kindOf } from "./registry.ts";

export interface HostLinkWord {
  readonly provider: string;
  readonly interface: string;
  /** As `formatLink` writes it. */
  readonly link: string;
}

/** The word for a provider's BNG; undefined when the kernel clears all that it makes by itself. */
export function formatHostLink(provider: string, subscriber: BngSubscriber): string | undefined {
  const { interface: name, link } = subscriber;
  return kindOf(link).outlives?.(link) === true ? `${provider}/${name}/${formatLink(link)}` : undefined;
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
