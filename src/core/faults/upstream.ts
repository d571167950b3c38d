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
    summary: "packets vanish beyond the BNG, and nobody is told",
    provider:
      "It forwards nothing between customers and the internet any more, in one direction or in both, and answers nothing for it.",
    customer:
      "Router, prefix and addresses are as good as ever, and nothing beyond the first hop answers: connections time out.",
    normal: "Router advertisements, DHCPv6, the tunnel, and answers of the BNG itself.",
    advice:
      "A host with several prefixes should try another source address (RFC 6724 section 9, RFC 8028 section 3) and race connections (RFC 8305 section 5); a CPE that watches its uplinks should stop to offer this one (RFC 7084 G-5: loss of connectivity).",
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
    summary: "nothing gets beyond the BNG, and ICMPv6 errors say so",
    provider:
      "It answers packets with an ICMPv6 Destination Unreachable of a chosen code, in the place of forwarding them.",
    customer: "Router, prefix and addresses are as good as ever; connections fail at once with an error.",
    normal: "Router advertisements, DHCPv6, the tunnel, and answers of the BNG itself.",
    advice:
      "A host should try the next address at once (RFC 4443 section 2.4 lets errors reach the upper layer; RFC 8305 section 5), with another source where there is one (RFC 8028 section 3); code 5 asks for another source address (RFC 6724, RFC 8678).",
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
    summary: "the provider's uplink is gone, and its router knows",
    provider:
      "Its tunnel to the internet is set down. There is no route any more, so it answers what customers send with ICMPv6 no-route.",
    customer:
      "Router, prefix and addresses are as good as ever; whatever goes to the internet comes back as an error.",
    normal:
      "Router advertisements and DHCPv6; packets between customers of this provider. Hits are packets of customers to the internet.",
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
      "The way behind its BNG carries only smaller packets than its link, and the ICMPv6 errors that would say so are lost.",
    customer:
      "Pings and the beginning of connections work; what is larger hangs. Where mhlab clamps the MSS of TCP (`clamp-mss`), only a smaller MTU than the tunnel's is felt by TCP.",
    normal: "All that is small enough: router advertisements, DHCPv6, DNS, handshakes.",
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
    summary: "only some destinations can be reached, as before a customer has paid",
    provider: "It forwards only to and from the prefixes that are allowed, and refuses or drops all else.",
    customer:
      "Router, prefix, addresses and what lies in the garden work; the rest of the internet does not.",
    normal: "Router advertisements, DHCPv6, the tunnel, and everything that is allowed.",
    advice:
      "Learn of the captive portal where it is announced (RFC 8910, RFC 8908); do not judge an uplink by one destination (RFC 8475 section 4 leaves the conditions to policy).",
    directions: ["both", "up", "down"],
    options: {
      allow: required(
        several(prefix, "IPv6 prefixes with commas between"),
        "the prefixes that can be reached",
      ),
      answer: option(word(["admin-prohibited", "drop"] as const), {
        text: "how the rest is refused",
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
    summary: "source validation changes its mind in the middle of flows",
    provider:
      "A filter behind its BNG refuses the customers' source addresses and lets them pass, in turns, beginning with refusing (BCP 38 gone wrong).",
    customer:
      "Connections that were fine are refused, and work again; with `from`, only those with such a source.",
    normal: "Router advertisements, DHCPv6, the tunnel; the BNG's own source validation.",
    advice:
      "Take ICMPv6 code 5 as a word about this source address, not about the destination, and try another source (RFC 8678 section 5, RFC 8028 section 3.2), but come back: RFC 6724 does not make an address bad for ever.",
    directions: ["up"],
    options: {
      period: option(span(200, 3_600_000), { text: "how long each turn is", otherwise: 10_000 }),
      answer: option(word(["policy-fail", "drop"] as const), {
        text: "how a source is refused",
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
