/** Faults beyond the BNG: packets that vanish, or come back as errors. */
import { formatPrefix6, prefixOf } from "../ip6.ts";
import { option, prefix, required, several, span, whole, word } from "./option.ts";
import { CHOICE, eachWay, forwardedWay, inTurns, lasting } from "./record.ts";

/** Codes of Destination Unreachable (RFC 4443 section 3.1), as nftables calls them. */
const CODES = [
  "no-route",
  "admin-prohibited",
  "addr-unreachable",
  "port-unreachable",
  "policy-fail",
  "reject-route",
] as const;

/** What stays on the link, or is for many. */
const LOCAL = [prefixOf(0xfe80n << 112n, 10), prefixOf(0xff00n << 112n, 8)];

export const upstreamFaults = {
  "upstream-blackhole": lasting({
    summary: "packets vanish beyond the BNG, without an error",
    provider:
      "It drops packets between customers and the internet, in one or both directions, and sends no errors.",
    customer:
      "Router, prefix and addresses stay valid, but nothing beyond the first hop answers: connections time out.",
    normal: "Router advertisements, DHCPv6, the tunnel, and the BNG's own answers.",
    advice:
      "A host with several prefixes should try another source address (RFC 6724 section 9, RFC 8028 section 3) and race connections (RFC 8305 section 5); a CPE that monitors its uplinks should stop offering this one (RFC 7084 G-5: loss of connectivity).",
    directions: ["both", "up", "down"],
    options: CHOICE,
    explains: ["unreachable"],
    effects: (choice, scene) => ({
      packets: eachWay(scene, (way) => ({
        place: "forwarded",
        match: forwardedWay(scene, way, choice),
        verdict: "drop",
      })),
    }),
  }),

  "upstream-unreachable": lasting({
    summary: "nothing passes the BNG, which sends ICMPv6 errors",
    provider:
      "It answers packets with an ICMPv6 Destination Unreachable of a chosen code instead of forwarding them.",
    customer: "Router, prefix and addresses stay valid; connections fail at once with an error.",
    normal: "Router advertisements, DHCPv6, the tunnel, and the BNG's own answers.",
    advice:
      "A host should try the next address at once (RFC 4443 section 2.4 lets errors reach the upper layer; RFC 8305 section 5), with another source if it has one (RFC 8028 section 3). Code 5 asks for another source address (RFC 6724, RFC 8678).",
    directions: ["up", "down", "both"],
    options: {
      code: option(word(CODES), { text: "the code of the error", otherwise: "no-route" }),
      ...CHOICE,
    },
    explains: ["unreachable"],
    effects: ({ code, ...choice }, scene) => ({
      packets: eachWay(scene, (way) => ({
        place: "forwarded",
        match: forwardedWay(scene, way, choice),
        verdict: `reject with icmpv6 type ${code}`,
      })),
    }),
  }),

  "upstream-tunnel-down": lasting({
    summary: "the provider's tunnel is down, and its router knows",
    provider:
      "It sets its tunnel to the internet down. Without a route, it answers customers' packets with ICMPv6 no-route.",
    customer: "Router, prefix and addresses stay valid; packets to the internet get an error.",
    normal:
      "Router advertisements and DHCPv6; packets between customers of this provider. Hits are customers' packets to the internet.",
    advice:
      "A host should use another source address (RFC 8028 section 3); a CPE that detects the loss of connectivity invalidates itself as a router (RFC 7084 G-5).",
    directions: ["up"],
    explains: ["no-tunnel", "no-handshake", "stale-tunnel", "unreachable"],
    effects: (_, scene) => {
      const { bng } = scene;
      const own = (bng.networks ?? [bng]).map((network) => network.prefix);
      const elsewhere = [...own, ...LOCAL].map((one) => `ip6 daddr != ${formatPrefix6(one)}`).join(" ");
      return {
        tunnelDown: true,
        packets: eachWay(scene, () => ({
          place: "arriving",
          match: `iifname "${bng.subscriber.interface}" ${elsewhere}`,
        })),
      };
    },
  }),

  "upstream-pmtu-blackhole": lasting({
    summary: "packets above a size vanish, and no Packet Too Big comes back",
    provider:
      "The path behind its BNG has a smaller MTU than its link, and the ICMPv6 errors about it are lost.",
    customer:
      "Pings and connection setup work; larger packets hang. With TCP MSS clamping (`clamp-mss`), TCP is only affected by an MTU below the tunnel's.",
    normal: "Everything small enough: router advertisements, DHCPv6, DNS, handshakes.",
    advice:
      "Find the size without errors: Packetization Layer Path MTU Discovery (RFC 8899, RFC 4821); 1280 bytes always get through (RFC 8200 section 5).",
    directions: ["both", "up", "down"],
    options: {
      mtu: option(whole(1280, 9000), { text: "the largest packet that gets through", otherwise: 1280 }),
    },
    effects({ mtu }, scene) {
      const { subscriber, wireguard } = scene.bng;
      const back = { up: subscriber.interface, down: wireguard.interface };
      return {
        mtu: Object.fromEntries(scene.ways.map((way) => [way, mtu])),
        // Each packet that is too big makes one such error, and the router does not limit them.
        packets: eachWay(scene, (way) => ({
          place: "from-bng",
          match: `oifname "${back[way]}" icmpv6 type packet-too-big`,
          verdict: "drop",
        })),
      };
    },
  }),

  "upstream-walled-garden": lasting({
    summary: "only some destinations are reachable, as before a customer has paid",
    provider: "It forwards only to and from the allowed prefixes, and rejects or drops everything else.",
    customer:
      "Router, prefix, addresses and the allowed destinations work; the rest of the internet does not.",
    normal: "Router advertisements, DHCPv6, the tunnel, and everything allowed.",
    advice:
      "Detect the captive portal if it is advertised (RFC 8910, RFC 8908). Do not judge an uplink by one destination (RFC 8475 section 4 leaves the conditions to policy).",
    directions: ["both", "up", "down"],
    options: {
      allow: required(several(prefix, "IPv6 prefixes, comma-separated"), "the reachable prefixes"),
      answer: option(word(["admin-prohibited", "drop"] as const), {
        text: "the answer for the rest",
        otherwise: "admin-prohibited",
      }),
    },
    explains: ["unreachable"],
    effects: ({ allow, answer }, scene) => ({
      packets: eachWay(scene, (way) => ({
        place: "forwarded",
        match: [
          forwardedWay(scene, way),
          // One by one: a set of prefixes is empty for a moment when it comes.
          ...allow.map((one) => `ip6 ${way === "up" ? "daddr" : "saddr"} != ${formatPrefix6(one)}`),
        ].join(" "),
        verdict: answer === "drop" ? "drop" : `reject with icmpv6 type ${answer}`,
      })),
    }),
  }),

  "upstream-filter-flip": lasting({
    summary: "source validation switches on and off during flows",
    provider:
      "A filter behind its BNG alternately rejects and passes the customers' source addresses, starting with rejecting (BCP 38 gone wrong).",
    customer:
      "Working connections are rejected, then work again; with `from`, only those with a matching source.",
    normal: "Router advertisements, DHCPv6, the tunnel; the BNG's own source validation.",
    advice:
      "Apply ICMPv6 code 5 to this source address, not to the destination, and try another source (RFC 8678 section 5, RFC 8028 section 3.2). Return later: RFC 6724 does not make an address bad for ever.",
    directions: ["up"],
    options: {
      period: option(span(200, 3_600_000), { text: "the length of each phase", otherwise: 10_000 }),
      answer: option(word(["policy-fail", "drop"] as const), {
        text: "the answer to a rejected source",
        otherwise: "policy-fail",
      }),
      ...CHOICE,
    },
    explains: ["unreachable"],
    effects({ period, answer, ...choice }, scene) {
      const { first, changesInMs } = inTurns(scene.elapsedMs, period, period);
      const verdict = answer === "drop" ? "drop" : `reject with icmpv6 type ${answer}`;
      const refusing = (): ReturnType<typeof eachWay> =>
        eachWay(scene, (way) => ({ place: "forwarded", match: forwardedWay(scene, way, choice), verdict }));
      return { packets: first ? refusing() : [], changesInMs };
    },
  }),
} as const;
