/** The way of the errors that tell a subscriber of his wrong source: back to his port, whatever the routing table says. */

/** Marks of refused packets and of the errors about them; the lower half tells them apart. */
export const REFUSED_MARK = "0x5afe0000";
export const REFUSED_MASK = "0xffff0000";
const TABLE = "23294";
/** A next hop that nobody has, with a MAC that nobody has: the egress rules put the sender's in its place, or drop. */
const NOBODY = { address: "fe80:5afe::1", mac: "02:00:00:00:5a:fe" };

/** Whether a neighbour's address is the one that refusals are routed to. */
export function isRefusalNeighbour(address: string): boolean {
  return address === NOBODY.address;
}

/** What the kernel has of that way, as `ip -6 -j` tells it: rules of the table, its routes, permanent neighbours of the port. */
export interface RefusalRoute {
  readonly rules: readonly { fwmark?: string; fwmask?: string }[];
  readonly routes: readonly { dst: string; gateway?: string; table?: string }[];
  readonly neighbours: readonly { dst: string; lladdr?: string }[];
}

/** `ip -6` words that ask for the rules, the routes and the neighbours. */
export function refusalRouteQueries(port: string): [rules: string[], routes: string[], neighbours: string[]] {
  return [
    ["rule", "show", "table", TABLE],
    // One table alone cannot be asked for before it is there; what is asked for is left out of the answer.
    ["route", "show", "table", "all", "default", "dev", port],
    ["neigh", "show", "dev", port, "nud", "permanent"],
  ];
}

/**
 * Commands for `ip -6 -batch` that make what is missing; none when all is there. The rule also holds for the refused
 * packets themselves, so neither a missing route nor the tunnel's MTU answers them first.
 */
export function mendRefusalRoute(port: string, { rules, routes, neighbours }: RefusalRoute): string[] {
  const hasRule = rules.some(({ fwmark, fwmask }) => fwmark === REFUSED_MARK && fwmask === REFUSED_MASK);
  const hasRoute = routes.some(
    ({ dst, gateway, table }) => dst === "default" && gateway === NOBODY.address && table === TABLE,
  );
  const hasNeighbour = neighbours.some(({ dst, lladdr }) => dst === NOBODY.address && lladdr === NOBODY.mac);
  return [
    ...(hasNeighbour
      ? []
      : [`neigh replace ${NOBODY.address} lladdr ${NOBODY.mac} dev ${port} nud permanent`]),
    ...(hasRoute ? [] : [`route replace default via ${NOBODY.address} dev ${port} table ${TABLE}`]),
    ...(hasRule ? [] : [`rule add fwmark ${REFUSED_MARK}/${REFUSED_MASK} table ${TABLE}`]),
  ];
}
