/** What a host reads from a router advertisement beyond what the kernel does (RFC 8106). */
export interface DnsAdvertisement {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

/** Reads the DNS options from the output of rdisc6. */
export function parseRdisc(text: string): DnsAdvertisement {
  const values = (label: RegExp): string[] => [
    ...new Set(
      text.split("\n").flatMap((line) => {
        const value = label.exec(line)?.[1]?.trim();
        return value === undefined ? [] : value.split(/\s+/);
      }),
    ),
  ];
  return {
    servers: values(/^\s*Recursive DNS servers?\s*:\s*([0-9a-f:]+)\s*$/i),
    search: values(/^\s*DNS search list\s*:\s*(.+)$/i).map((domain) => domain.replace(/\.$/, "")),
  };
}

/** What one router advertises, as far as a host on a LAN of several asks for it. */
export interface RouterAdvertisement extends DnsAdvertisement {
  /** Its link-local address. */
  readonly router: string;
  /** With lengths. */
  readonly prefixes: readonly string[];
}

/** Reads every router's advertisement from the output of rdisc6, which ends each with whom it is from. */
export function parseAdvertisements(text: string): RouterAdvertisement[] {
  const found = new Map<string, RouterAdvertisement>();
  let begin = 0;
  for (const { 0: end, 1: router = "", index } of text.matchAll(/^ *from (fe80:[0-9a-f:]+)$/gim)) {
    const part = text.slice(begin, index);
    const prefixes = [...part.matchAll(/^ *Prefix +: +([0-9a-f:]+\/\d+)$/gim)].map(
      ([, prefix = ""]) => prefix,
    );
    found.set(router, { router, prefixes, ...parseRdisc(part) });
    begin = index + end.length;
  }
  return [...found.values()];
}
