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
    summary: "every packet of the subscriber link comes later",
    provider: "Its line adds a time to each packet, on top of what the line has by its settings.",
    customer: "All works, and slower: each answer takes the delay of both directions longer.",
    normal: "Nothing is lost and the order stays; routes, leases and advertisements.",
    advice:
      "Wait long enough: neighbour discovery retransmits after 1 s (RFC 4861 section 10), DHCPv6 begins with 1 s (RFC 8415 section 7.6); connections should race with 250 ms between attempts (RFC 8305 section 8).",
    directions: ["both", "up", "down"],
    options: {
      delay: option(span(1, 10_000), { text: "how much later, on each way", otherwise: 50 }),
      ...FROM,
    },
    needs: [NETEM],
    effects: ({ delay, from }, scene) => onEachWay(scene, from, { delayMs: delay }),
  }),

  "line-jitter": lasting({
    summary: "the delay of the subscriber link varies from packet to packet",
    provider:
      "Its line delays each packet by a random time from nothing to twice the jitter: evenly spread around a mean delay of one jitter. Packets keep their order.",
    customer: "Round trips vary; calls and games stutter, TCP believes in congestion.",
    normal: "Nothing is lost and the order stays; routes, leases and advertisements.",
    advice:
      "Estimate the timeout from the variation as well (RFC 6298 section 2); a buffer for play-out should follow the jitter (RFC 3550 section 6.4.1 tells it to the sender).",
    directions: ["both", "up", "down"],
    options: {
      jitter: option(span(1, 5000), { text: "by how much it varies around its mean", otherwise: 10 }),
      ...FROM,
    },
    needs: [NETEM],
    effects: ({ jitter, from }, scene) => onEachWay(scene, from, { delayMs: jitter, jitterMs: jitter }),
  }),

  "line-loss": lasting({
    summary: "a share of all packets of the subscriber link is lost, evenly or in bursts",
    provider:
      "Its line loses packets of every kind at random. With good-to-bad it loses them in bursts (Gilbert-Elliott): it changes between a good and a bad state with each packet, and loses its share of them in either.",
    customer: "Transfers slow down; router advertisements, DHCPv6 and DNS need several attempts.",
    normal: "Whatever is sent again arrives in the end; leases, routes and prefixes stay.",
    advice:
      "Send again, and wait longer each time (RFC 8415 section 15, RFC 7559), and keep what it has until its lifetimes end (RFC 4861 section 6.3.5).",
    directions: ["both", "up", "down"],
    options: {
      share: {
        ...option(share, { text: "how many are lost; does not count with good-to-bad", otherwise: 0.1 }),
        counts: (given: Readonly<Record<string, string>>) => !isBursty(given),
      },
      "good-to-bad": optional(
        share,
        "in bursts, which needs netem: with which probability a packet begins the bad state",
      ),
      "bad-to-good": {
        ...option(share, {
          text: "with which probability a packet ends it; 25% makes bursts of four packets",
          otherwise: 0.25,
        }),
        counts: isBursty,
      },
      "loss-in-bad": {
        ...option(share, { text: "how many are lost in the bad state", otherwise: 1 }),
        counts: isBursty,
      },
      "loss-in-good": {
        ...optional(share, "how many are lost in the good state; left out, none"),
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
    summary: "a share of all packets of the subscriber link arrives twice",
    provider: "Its line repeats packets of every kind at random; the copy follows at once.",
    customer: "Nothing that should be seen: whoever hears something twice takes it once.",
    normal: "Everything; nothing is lost.",
    advice:
      "Take a message once: DHCPv6 by its transaction id (RFC 8415 section 16), TCP by its numbers (RFC 9293 section 3.4); an advertisement heard twice changes nothing (RFC 4861 section 6.3.4).",
    directions: ["both", "up", "down"],
    options: { share: option(share, { text: "how many arrive twice", otherwise: 0.1 }), ...FROM },
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
    summary: "a share of all packets of the subscriber link overtakes those before it",
    provider:
      "Its line sends some packets at once and the others later, so that those that are sent at once overtake.",
    customer: "Packets in another order than they were sent: TCP repeats what was not lost.",
    normal: "Nothing is lost; routes, leases and advertisements.",
    advice:
      "Allow for it: RACK waits a part of the round trip before it takes a packet for lost (RFC 8985 section 3.2); no fragment and no exchange of DHCPv6 depends on the order.",
    directions: ["both", "up", "down"],
    options: {
      share: option(share, { text: "how many overtake", otherwise: 0.25 }),
      delay: option(span(1, 10_000), { text: "how much later the others are sent", otherwise: 10 }),
      ...FROM,
    },
    needs: [NETEM],
    effects: ({ share: early, delay, from }, scene) =>
      onEachWay(scene, from, { reorder: early, delayMs: delay }),
  }),

  "line-corrupt": lasting({
    summary: "a bit is wrong in a share of all packets of the subscriber link",
    provider: "Its line turns one bit of a packet over, wherever it is, and delivers it.",
    customer:
      "Mostly a loss: checksums do not match. A wrong bit in an address leads a packet somewhere else.",
    normal: "Whatever is sent again arrives in the end.",
    advice:
      "Check the checksums of UDP, TCP and ICMPv6 (RFC 8200 section 8.1), and of an ICMPv6 message before it is believed (RFC 4861 section 6.1).",
    directions: ["both", "up", "down"],
    options: { share: option(share, { text: "how many have a wrong bit", otherwise: 0.01 }), ...FROM },
    needs: [NETEM],
    effects: ({ share: wrong, from }, scene) => onEachWay(scene, from, { corrupt: wrong }),
  }),

  "line-rate": lasting({
    summary: "the subscriber link carries only so much",
    provider:
      "Its line sends no faster than the rate, packets wait for it in a queue, and what finds the queue full is lost. Of several rates the smallest counts.",
    customer: "Transfers end up at the rate; with a long queue, round trips grow while one runs.",
    normal: "All of it, as long as less is sent.",
    advice:
      "Keep the queue before the narrow place short: a CPE should manage its queue upstream (RFC 7567 section 4), for instance with FQ-CoDel (RFC 8290).",
    directions: ["both", "up", "down"],
    options: {
      rate: required(bitrate, "how much it carries on each way, as bits of whole frames a second"),
      queue: option(span(1, 60_000), {
        text: "how long the queue is, as the time that it takes at that rate",
        otherwise: 100,
      }),
      ...FROM,
    },
    needs: [IFB],
    effects: ({ rate, queue, from }, scene) => onEachWay(scene, from, { rate, queueMs: queue }),
  }),

  "line-trace": lasting({
    summary: "the rate of the subscriber link follows a trace, as on a mobile network",
    provider:
      "Its line is as fast as a recorded one was at each moment: the trace (Mahimahi's format) is followed in steps of a tenth of a second, and begins anew at its end.",
    customer: "A rate that rises and falls, and now and then nothing for a while.",
    normal: "Nothing is lost while the queue is not full; leases, routes and advertisements.",
    advice:
      "Do not take a gap for the end of a link: keep leases and routes for their lifetimes (RFC 4861 section 6.3.5, RFC 8415 section 14.2), and keep the queue upstream short (RFC 7567 section 4).",
    directions: ["down", "up", "both"],
    options: {
      trace: {
        ...required(trace, "the file of the trace, on the machine where mhlab is called"),
        isFile: true,
      },
      queue: option(span(1, 60_000), {
        text: "how long the queue is, as the time that it takes at the trace's mean rate",
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
