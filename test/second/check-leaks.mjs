// Leaks counted a second time: packets at a provider's port whose source (from customers) or destination (to them) is not the provider's.
import { bitsOf, contains } from "./addresses.mjs";
import { blindSpans, isBlind } from "./blind.mjs";
import { commonest } from "./groups.mjs";

/** The BNG's rules follow leases and prefixes a moment later, and a count is read at times. */
const MOMENT_S = 0.3;
const ICMPV6_ERRORS = new Set([1, 2, 3, 4]);
const NEIGHBOUR_DISCOVERY = new Set([133, 134, 135, 136, 137]);
const DHCPV6 = new Set([546, 547]);
/** The bundled internet: who sends its packets to customers is the BNG. */
const INTERNET = "2001:db8::1";
const LINK_LOCAL = "fe80::/10";
const MULTICAST = "ff00::/8";

/** Compares the leaks that each BNG counted, by direction. */
export function checkLeaks({ packets, facts, durationS, providers, leaks }) {
  const checked = { leaks: 0 };
  const blind = blindSpans(packets);
  const differences = providers.flatMap((provider) => {
    const mine = leaksAt(provider, { packets, facts, durationS });
    const theirs = leaks[provider];
    // What was counted while a BNG was away is not known.
    if (theirs === undefined || theirs.gaps.length > 0) return [];
    return ["up", "down"].flatMap((direction) => {
      const { certain, possible } = mine[direction];
      const told = theirs[direction];
      checked.leaks += certain;
      // What passed while nobody captured is counted by the BNG alone.
      const most = isBlind(blind, `${provider} sub0`, 0, durationS) ? Infinity : certain + possible;
      if (told >= certain && told <= most) return [];
      const range = most === certain ? certain : `${certain} to ${most}`;
      return [`${provider}: ${told} leaks ${direction} in run.json, ${range} on its port`];
    });
  });
  return { checked, differences };
}

/**
 * Leaks at the port of one provider: those that are certain, and those whose packet passed within a moment of a change of leases or
 * prefixes, or of an end of the run. `facts` are the rows of facts.csv.
 */
function leaksAt(provider, { packets, facts, durationS }) {
  const port = packets.filter((packet) => packet.port === `${provider} sub0`);
  const own = commonest(port.filter(({ src }) => src === INTERNET).map(({ ethSrc }) => ethSrc));
  const [prefixes, delegations] = ["prefix", "delegation"].map((kind) =>
    spansOf(facts.filter((fact) => fact.node === provider && fact.kind === kind)),
  );
  const count = { up: { certain: 0, possible: 0 }, down: { certain: 0, possible: 0 } };
  for (const packet of port) {
    if (packet.atS < -MOMENT_S || packet.atS > durationS + MOMENT_S) continue;
    const isDown = packet.ethSrc === own;
    const judged = [-MOMENT_S, 0, MOMENT_S].map((shiftS) => {
      const atS = packet.atS + shiftS;
      if (atS < 0 || atS > durationS) return false;
      const at = (spans) =>
        spans.filter(({ fromS, toS }) => fromS <= atS && atS < toS).map((one) => one.subject);
      return isDown ? leaksDown(packet, at(prefixes)) : leaksUp(packet, at(prefixes), at(delegations));
    });
    const direction = count[isDown ? "down" : "up"];
    if (judged.every(Boolean)) direction.certain += 1;
    else if (judged.some(Boolean)) direction.possible += 1;
  }
  return count;
}

function leaksUp({ src, dst, sport, dport, icmp }, prefixes, delegations) {
  if (NEIGHBOUR_DISCOVERY.has(icmp) || DHCPV6.has(sport) || DHCPV6.has(dport)) return false;
  if (bitsOf(src) === 0n || contains(MULTICAST, dst)) return false;
  const onLink = prefixes.map((prefix) => `${prefix.split("/")[0]}/64`);
  if (contains(LINK_LOCAL, src))
    return !contains(LINK_LOCAL, dst) && !onLink.some((prefix) => contains(prefix, dst));
  return ![...onLink, ...delegations].some((prefix) => contains(prefix, src));
}

function leaksDown({ src, dst, icmp }, prefixes) {
  if (contains(LINK_LOCAL, dst) || contains(MULTICAST, dst)) return false;
  // The BNG tells who leaked by an error of its own; that is an answer to a leak.
  if (ICMPV6_ERRORS.has(icmp) && prefixes.some((prefix) => contains(prefix, src))) return false;
  return !prefixes.some((prefix) => contains(prefix, dst));
}

/** When a provider had each prefix, or each delegation: also one that is not routed yet, whose lease is there. */
function spansOf(rows) {
  const spans = [];
  for (const { at_s: at, subject, state } of rows) {
    const open = spans.find((span) => span.subject === subject && span.toS === Infinity);
    const isThere = state !== "" && state !== "withdrawn";
    if (!isThere && open !== undefined) open.toS = Number(at);
    if (isThere && open === undefined) spans.push({ subject, fromS: Number(at), toS: Infinity });
  }
  return spans;
}
