/** What a real far side has to change when a provider is renumbered. */

export interface RenumberedPeer {
  /** Public key of the BNG. */
  readonly publicKey: string;
  /** Its address inside the tunnel, without length. */
  readonly address: string;
}

/** Commands for the server, as root: other prefixes to take from a peer and to route to it. Empty when nothing changes. */
export function renumberPeer(
  { publicKey, address }: RenumberedPeer,
  before: readonly string[],
  after: readonly string[],
): string[] {
  const come = after.filter((prefix) => !before.includes(prefix));
  const gone = before.filter((prefix) => !after.includes(prefix));
  if (come.length + gone.length === 0) return [];
  return [
    `wg=$(for i in $(wg show interfaces); do ! wg show $i peers | grep -qxF '${publicKey}' || echo $i; done)`,
    `wg set "$wg" peer '${publicKey}' allowed-ips ${[`${address}/128`, ...after].join(",")}`,
    ...come.flatMap((prefix) => [
      `ip -6 route replace ${prefix} dev "$wg"`,
      // The table of peer-config, which lets nothing else pass; a server of another make has none.
      `nft insert rule inet "$wg" forward iifname "$wg" ip6 saddr ${prefix} accept 2> /dev/null || :`,
    ]),
    ...gone.map((prefix) => `ip -6 route del ${prefix} dev "$wg"`),
  ];
}
