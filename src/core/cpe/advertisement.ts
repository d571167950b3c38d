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
