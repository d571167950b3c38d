/** Faults of the access link's quality: delay, loss, order, rate. */
import { IFB, NETEM } from "../host/kernel-feature.ts";
import type { Prefix6 } from "../ip6.ts";
import type { LineEffect, LineTraits, PacketRule } from "./effects.ts";
import type { Way } from "./fault.ts";
import { bitrate, option, optional, required, share, span, trace } from "./option.ts";
import { atRandom, CHOICE, eachWay, lasting, ofCustomer, type Scene } from "./record.ts";

/** On a line a prefix can be told apart, and nothing else. */
const FROM = { from: CHOICE.from } as const;

export const lineFaults = {
  "line-delay": lasting({
    summary: "packets on the access link are delayed",
    provider: "Its access link delays each packet, in addition to the delay in its settings.",
    customer: "Everything works, but slower: round trips grow by the delay of both directions.",
    normal: "No loss and no reordering; routes, leases and advertisements.",
    advice:
      "Wait long enough. Neighbour discovery retransmits after 1 s (RFC 4861 section 10), DHCPv6 starts with 1 s (RFC 8415 section 7.6). Connections should race with 250 ms between attempts (RFC 8305 section 8).",
    directions: ["both", "up", "down"],
    options: {
      delay: option(span(1, 10_000), { text: "the delay in each direction", otherwise: 50 }),
      ...FROM,
    },
    needs: [NETEM],
    effects: ({ delay, from }, scene) => onEachWay(scene, from, { delayMs: delay }),
  }),

  "line-jitter": lasting({
    summary: "the access link's delay varies from packet to packet",
    provider:
      "Its access link delays each packet by a random time between zero and twice the jitter, evenly distributed. Packets keep their order.",
    customer: "Round-trip times vary; calls and games stutter, TCP assumes congestion.",
    normal: "No loss and no reordering; routes, leases and advertisements.",
    advice:
      "Include the variation in timeouts (RFC 6298 section 2). A playout buffer should follow the jitter (RFC 3550 section 6.4.1 reports it to the sender).",
    directions: ["both", "up", "down"],
    options: {
      jitter: option(span(1, 5000), { text: "the variation around the mean", otherwise: 10 }),
      ...FROM,
    },
    needs: [NETEM],
    effects: ({ jitter, from }, scene) => onEachWay(scene, from, { delayMs: jitter, jitterMs: jitter }),
  }),

  "line-loss": lasting({
    summary: "the access link loses packets, evenly or in bursts",
    provider:
      "Its access link drops packets of every kind at random. With good-to-bad it drops them in bursts (Gilbert-Elliott): with each packet it may switch between a good and a bad state, each with its own loss rate.",
    customer: "Transfers slow down; router advertisements, DHCPv6 and DNS need several attempts.",
    normal: "Retransmissions eventually arrive; leases, routes and prefixes stay.",
    advice:
      "Retransmit with growing intervals (RFC 8415 section 15, RFC 7559), and keep its configuration until the lifetimes end (RFC 4861 section 6.3.5).",
    directions: ["both", "up", "down"],
    options: {
      share: {
        ...option(share, { text: "the share of lost packets; ignored with good-to-bad", otherwise: 0.1 }),
        counts: (given: Readonly<Record<string, string>>) => !isBursty(given),
      },
      "good-to-bad": optional(
        share,
        "in bursts (needs netem): the probability that a packet starts the bad state",
      ),
      "bad-to-good": {
        ...option(share, {
          text: "the probability that a packet ends the bad state; 25% makes bursts of four packets",
          otherwise: 0.25,
        }),
        counts: isBursty,
      },
      "loss-in-bad": {
        ...option(share, { text: "the share of lost packets in the bad state", otherwise: 1 }),
        counts: isBursty,
      },
      "loss-in-good": {
        ...optional(share, "the share of lost packets in the good state; none by default"),
        counts: isBursty,
      },
      ...FROM,
    },
    explains: ["no-router", "no-delegation", "no-address", "unreachable"],
    effects(values, scene) {
      const { share: lost, from, "good-to-bad": goodToBad } = values;
      if (goodToBad === undefined)
        return {
          packets: eachWay(scene, (way) => {
            const { place, match } = onLine(way, from);
            return { place, match: atRandom(match, lost), verdict: "drop" };
          }),
        };
      const bursts = {
        goodToBad,
        badToGood: values["bad-to-good"],
        lossInBad: values["loss-in-bad"],
        lossInGood: values["loss-in-good"] ?? 0,
      };
      return onEachWay(scene, from, { bursts });
    },
  }),

  "line-duplicate": lasting({
    summary: "the access link duplicates packets",
    provider: "Its access link duplicates packets of every kind at random; the copy follows at once.",
    customer: "No visible effect: receivers should ignore duplicates.",
    normal: "Everything; no loss.",
    advice:
      "Process a message once: DHCPv6 by its transaction ID (RFC 8415 section 16), TCP by its sequence numbers (RFC 9293 section 3.4). A duplicate advertisement changes nothing (RFC 4861 section 6.3.4).",
    directions: ["both", "up", "down"],
    options: { share: option(share, { text: "the share of duplicated packets", otherwise: 0.1 }), ...FROM },
    needs: [IFB],
    effects: ({ share: twice, from }, scene) => ({
      packets: eachWay(scene, (way) => ({
        place: "line",
        match: atRandom(ofCustomer(way, from), twice),
        verdict: "duplicate",
      })),
    }),
  }),

  "line-reorder": lasting({
    summary: "the access link reorders packets",
    provider:
      "Its access link sends some packets at once and delays the others, so the former overtake the latter.",
    customer: "Packets arrive out of order: TCP retransmits packets that were not lost.",
    normal: "No loss; routes, leases and advertisements.",
    advice:
      "Tolerate it: RACK waits part of a round trip before it assumes loss (RFC 8985 section 3.2). Neither fragments nor DHCPv6 exchanges depend on order.",
    directions: ["both", "up", "down"],
    options: {
      share: option(share, { text: "the share of overtaking packets", otherwise: 0.25 }),
      delay: option(span(1, 10_000), { text: "the delay of the others", otherwise: 10 }),
      ...FROM,
    },
    needs: [NETEM],
    effects: ({ share: early, delay, from }, scene) =>
      onEachWay(scene, from, { reorder: early, delayMs: delay }),
  }),

  "line-corrupt": lasting({
    summary: "the access link corrupts packets",
    provider: "Its access link flips one bit anywhere in a packet and delivers it.",
    customer:
      "Mostly loss, because checksums do not match. A wrong bit in an address sends a packet elsewhere.",
    normal: "Retransmissions eventually arrive.",
    advice:
      "Check the checksums of UDP, TCP and ICMPv6 (RFC 8200 section 8.1), and of an ICMPv6 message before acting on it (RFC 4861 section 6.1).",
    directions: ["both", "up", "down"],
    options: { share: option(share, { text: "the share of corrupted packets", otherwise: 0.01 }), ...FROM },
    needs: [NETEM],
    effects: ({ share: wrong, from }, scene) => onEachWay(scene, from, { corrupt: wrong }),
  }),

  "line-rate": lasting({
    summary: "the access link has a limited rate",
    provider:
      "Its access link sends no faster than the rate. Packets wait in a queue, and are dropped when it is full. The lowest of several rates applies.",
    customer: "Transfers settle at the rate; with a long queue, round-trip times grow during a transfer.",
    normal: "Everything, as long as the traffic stays below the rate.",
    advice:
      "Keep the queue before the bottleneck short: a CPE should manage its upstream queue (RFC 7567 section 4), for example with FQ-CoDel (RFC 8290).",
    directions: ["both", "up", "down"],
    options: {
      rate: required(bitrate, "the rate in each direction, in bits of whole frames per second"),
      queue: option(span(1, 60_000), {
        text: "the queue length, as its drain time at that rate",
        otherwise: 100,
      }),
      ...FROM,
    },
    needs: [IFB],
    effects: ({ rate, queue, from }, scene) => onEachWay(scene, from, { rate, queueMs: queue }),
  }),

  "line-trace": lasting({
    summary: "the access link's rate follows a trace, as on a mobile network",
    provider:
      "Its access link is as fast as a recorded one at each moment: it follows the trace (Mahimahi's format) in steps of a tenth of a second, and restarts it at its end.",
    customer: "A rate that rises and falls, with occasional gaps.",
    normal: "No loss until the queue is full; leases, routes and advertisements.",
    advice:
      "Do not treat a gap as a link failure: keep leases and routes for their lifetimes (RFC 4861 section 6.3.5, RFC 8415 section 14.2), and keep the upstream queue short (RFC 7567 section 4).",
    directions: ["down", "up", "both"],
    options: {
      trace: {
        ...required(trace, "the trace file, on the machine where mhlab runs"),
        isFile: true,
      },
      queue: option(span(1, 60_000), {
        text: "the queue length, as its drain time at the trace's mean rate",
        otherwise: 500,
      }),
      ...FROM,
    },
    needs: [IFB],
    effects: ({ trace: followed, queue, from }, scene) =>
      onEachWay(scene, from, {
        pace: { trace: followed, sinceMs: scene.sinceMs },
        queueMs: queue,
      }),
  }),
} as const;

function isBursty(given: Readonly<Record<string, string>>): boolean {
  return given["good-to-bad"] !== undefined;
}

/** Where packets of a way are met as the line has them, and which. */
function onLine(way: Way, from: Prefix6 | undefined): Pick<PacketRule, "place" | "match"> {
  return { place: way === "up" ? "port-in" : "port-out", match: ofCustomer(way, from) };
}

/** The same traits on each way of a fault, and rules that count what they are done to. */
function onEachWay(
  scene: Scene,
  from: Prefix6 | undefined,
  traits: LineTraits,
): { packets: readonly PacketRule[]; line: readonly LineEffect[] } {
  const chosen = from === undefined ? {} : { from };
  return {
    packets: eachWay(scene, (way) => onLine(way, from)),
    line: scene.ways.map((way) => ({ way, ...traits, ...chosen })),
  };
}
