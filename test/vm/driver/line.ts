/** The subscriber line with netem, measured by captures on both sides of its queue: one clock, whatever the machine's speed. */
import type { Cpe } from "./cpe.ts";
import { BNG, LAB } from "./desk.ts";
import { providerOf } from "./lab.ts";
import { containerPid } from "./machine.ts";
import type { Story } from "./report.ts";
import { attempt, eventually, holds, run, same } from "./shell.ts";

/** What has passed the queue upstream. */
const QUEUE_OUT = ["line-up", "out"] as const;
const ECHO = "icmp6 and ip6[40] == 128";

interface Seen {
  readonly seq: number;
  readonly at: number;
}

/** Standard deviations within which chance stays, as good as always. */
const SIGMAS = 4.5;

/** What each kind does to what a CPE sends, and that none costs a packet when it comes, changes or goes. */
export function lineStory(cpe: Cpe): Story {
  let bng: string[] = [];
  let gateway = "";
  let port = "";
  let before = "";

  const agent = async (...words: string[]): Promise<string> => {
    const { stdout } = await attempt(["docker", "exec", BNG, "bng", ...words]);
    holds(words.join(" "), !stdout.includes('"error"'), stdout);
    return stdout;
  };
  /** Echo requests from the CPE, at a steady pace; what ping says in the end. */
  const ping = async (count: number, everyS: number): Promise<string> =>
    (
      await attempt(
        cpe.inside(
          ["ping", "-6", "-n", "-q", "-W", "3", "-c", String(count), "-i", String(everyS)].concat(gateway),
        ),
        180_000,
      )
    ).stdout;
  /** Echo requests as they pass a device while something is done. */
  const watched = async (
    places: readonly (readonly [device: string, direction: string])[],
    doing: () => Promise<unknown>,
  ): Promise<Seen[][]> => {
    const captures = places.map(([device, direction]) =>
      attempt(
        // Ended from outside: whoever waits for a number of packets waits for those that are lost.
        [
          "timeout",
          "-s",
          "INT",
          "170",
          ...bng,
          "tcpdump",
          "-tt",
          "-n",
          "-l",
          "-Q",
          direction,
          "-i",
          device,
        ].concat(ECHO),
        180_000,
      ),
    );
    await listening(places.length);
    await doing();
    await run(["pkill", "-INT", "-x", "tcpdump"]);
    return (await Promise.all(captures)).map(({ stdout }) => seenIn(stdout));
  };
  const healed = async (): Promise<void> => {
    await agent("clear", "all");
    await eventually(async () => same("queues and rules", await state(), before), 20_000);
  };
  const state = async (): Promise<string> => {
    const [qdiscs, classes, tables] = await Promise.all([
      run([...bng, "tc", "qdisc", "show"]),
      run([...bng, "tc", "class", "show", "dev", "line-up"]),
      run(["docker", "exec", BNG, "nft", "list", "tables"]),
    ]);
    return [qdiscs.replaceAll(/direct_packets_stat \d+/g, ""), classes, tables].join("\n");
  };
  const withFault = async (words: readonly string[], doing: () => Promise<void>): Promise<void> => {
    await agent("inject", ...words);
    try {
      await doing();
    } finally {
      await healed();
    }
  };
  /** Bytes that have left the queue upstream. */
  const sent = async (): Promise<{ bytes: number; at: number }> => {
    const [link] = JSON.parse(await run([...bng, "ip", "-s", "-j", "link", "show", "dev", "line-up"])) as {
      stats64: { tx: { bytes: number } };
    }[];
    return { bytes: link?.stats64.tx.bytes ?? 0, at: performance.now() };
  };
  /** Looks at them while the CPE sends more than the queue lets through; large datagrams cost a slow machine least. */
  const flooded = async (seconds: number, everyMs: number): Promise<{ bytes: number; at: number }[]> => {
    const script = `const socket = require("node:dgram").createSocket("udp6");
      socket.on("error", () => {});
      const timer = setInterval(() => { for (let at = 0; at < 6; at += 1) socket.send(Buffer.alloc(16000), 9, ${JSON.stringify(gateway)}); }, 20);
      setTimeout(() => { clearInterval(timer); socket.close(); }, ${(seconds + 15) * 1000});`;
    const flood = attempt(cpe.inside(["timeout", String(seconds + 20), "node", "-e", script]), 120_000);
    await eventually(async () => {
      const text = await run([...bng, "tc", "-s", "class", "show", "dev", "line-up"]);
      holds("something waits in the queue", /backlog \S+ [1-9]\d*p/.test(text), text);
    }, 20_000);
    const seen = [await sent()];
    while ((seen.at(-1)?.at ?? 0) - (seen[0]?.at ?? 0) < seconds * 1000) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      seen.push(await sent());
    }
    await flood;
    return seen;
  };

  return {
    title: "line",
    checks: [
      {
        name: "a delay of 50 ms adds 50 ms within 1 ms",
        run: async () => {
          bng = ["nsenter", "-t", String(await containerPid(BNG)), "-n", "--"];
          gateway = `${(await cpe.routers())[0]}%wan0`;
          port = (await providerOf(LAB, "alpha")).subscriber.interface;
          before = await state();
          await withFault(["line-delay", "delay=50ms", "direction=up"], async () => {
            const [arrived = [], left = []] = await watched([[port, "in"], QUEUE_OUT], () => ping(60, 0.1));
            const at = new Map(arrived.map((one) => [one.seq, one.at]));
            const added = left
              .flatMap(({ seq, at: out }) => (at.has(seq) ? [(out - (at.get(seq) ?? 0)) * 1000] : []))
              .sort((one, other) => one - other);
            const median = added[Math.floor(added.length / 2)] ?? 0;
            holds("enough were seen", added.length >= 50, added);
            holds("none is early", (added[0] ?? 0) >= 49.9, added);
            holds("the median", median < 51, added);
          });
        },
      },
      {
        name: "jitter spreads the delay and keeps the order",
        run: () =>
          withFault(["line-jitter", "jitter=20ms", "direction=up"], async () => {
            const [arrived = [], left = []] = await watched([[port, "in"], QUEUE_OUT], () => ping(500, 0.01));
            const at = new Map(arrived.map((one) => [one.seq, one.at]));
            const added = left.map(({ seq, at: out }) => (out - (at.get(seq) ?? out)) * 1000);
            holds("it spreads", Math.max(...added) - Math.min(...added) > 15, added);
            same("out of order", disordered(left), 0);
          }),
      },
      {
        name: "a loss of 10 % over 10,000 packets is within its confidence interval",
        run: () =>
          withFault(["line-loss", "share=10%", "direction=up"], async () => {
            const lost = 10_000 - received(await ping(10_000, 0.002));
            const spread = SIGMAS * Math.sqrt(10_000 * 0.1 * 0.9);
            holds("lost", Math.abs(lost - 1000) < spread, lost);
          }),
      },
      {
        name: "losses in bursts are bursts",
        run: () =>
          withFault(["line-loss", "good-to-bad=2.5%", "bad-to-good=25%", "direction=up"], async () => {
            const [left = []] = await watched([QUEUE_OUT], () => ping(8000, 0.002));
            const there = new Set(left.map(({ seq }) => seq));
            const gaps = [...there].flatMap((seq) => {
              let length = 0;
              while (seq + length + 1 < 8000 && !there.has(seq + length + 1)) length += 1;
              return length === 0 ? [] : [length];
            });
            const lost = gaps.reduce((sum, length) => sum + length, 0);
            // 1 in 11 by the model, in bursts of four.
            holds("lost", lost > 400 && lost < 1100, lost);
            const mean = lost / gaps.length;
            holds("mean burst", mean > 3 && mean < 5.2, mean);
          }),
      },
      {
        name: "duplicates, another order and wrong bits come in their shares",
        run: async () => {
          await withFault(["line-duplicate", "share=10%", "direction=up"], async () => {
            const text = await ping(2000, 0.002);
            same("received", received(text), 2000);
            const twice = Number(/\+(\d+) duplicates/.exec(text)?.[1] ?? 0);
            holds("twice", Math.abs(twice - 200) < SIGMAS * Math.sqrt(2000 * 0.1 * 0.9), twice);
          });
          await withFault(["line-reorder", "share=25%", "delay=20ms", "direction=up"], async () => {
            const [left = []] = await watched([QUEUE_OUT], () => ping(2000, 0.005));
            const early = disordered(left);
            holds("none is lost", left.length >= 1990, left.length);
            holds("out of order", early > 200 && early < 800, early);
          });
          await withFault(["line-corrupt", "share=20%", "direction=up"], async () => {
            // A bit of the flow label or of the sender's MAC is no loss.
            const lost = 2000 - received(await ping(2000, 0.002));
            holds("not answered", lost > 200 && lost < 480, lost);
          });
        },
      },
      {
        name: "a rate of 20 mbit is kept within 3 %",
        run: () =>
          withFault(["line-rate", "rate=20mbit", "direction=up"], async () => {
            const seen = await flooded(8, 8000);
            const [first, last] = [seen[0], seen.at(-1)];
            const rate =
              (((last?.bytes ?? 0) - (first?.bytes ?? 0)) * 8) / ((last?.at ?? 1) - (first?.at ?? 0)) / 1000;
            holds("mbit a second", Math.abs(rate / 20 - 1) < 0.03, rate);
          }),
      },
      {
        name: "a trace is followed, with its gaps",
        run: () =>
          // Two seconds of 800 chances each, and two of nothing.
          withFault(["line-trace", "trace=4000:80*20,0*20", "direction=up"], async () => {
            const seen = await flooded(12, 200);
            const steps = seen.slice(1).map((one, index) => ({
              packets: (one.bytes - (seen[index]?.bytes ?? 0)) / 1500,
              ms: one.at - (seen[index]?.at ?? 0),
            }));
            const total = steps.reduce((sum, { packets }) => sum + packets, 0);
            const ms = steps.reduce((sum, one) => sum + one.ms, 0);
            // What is before and after whole periods is at most a part of one.
            const wanted = (ms / 4000) * 1600;
            holds("chances", Math.abs(total / wanted - 1) < 0.25, { total, wanted });
            const quiet = steps.filter(({ packets }) => packets < 5).reduce((sum, one) => sum + one.ms, 0);
            holds("quiet", Math.abs(quiet / ms - 0.5) < 0.15, { quiet, ms });
          }),
      },
      {
        name: "no packet is lost while delays, jitter and rates come, change and go",
        run: async () => {
          const pings = ping(4000, 0.01);
          for (let turn = 0; turn < 4; turn += 1) {
            await agent("inject", "line-delay", "delay=30ms");
            await agent("inject", "line-jitter", "jitter=10ms", "direction=up");
            await agent("inject", "line-rate", "rate=10mbit");
            await agent("clear", "all");
          }
          same("received", received(await pings), 4000);
          await healed();
        },
      },
    ],
  };
}

function received(text: string): number {
  return Number(/(\d+) received/.exec(text)?.[1] ?? 0);
}

/** Echo requests by what tcpdump prints: their sequence numbers, which begin with 1, and times. */
function seenIn(text: string): Seen[] {
  return text.split("\n").flatMap((line) => {
    const [, at, seq] = /^(\d+\.\d+) .*echo request, id \d+, seq (\d+)/.exec(line) ?? [];
    return seq === undefined ? [] : [{ seq: Number(seq), at: Number(at) }];
  });
}

/** How many come after one with a higher number. */
function disordered(seen: readonly Seen[]): number {
  let highest = 0;
  return seen.filter(({ seq }) => {
    const late = seq < highest;
    highest = Math.max(highest, seq);
    return late;
  }).length;
}

/** Waits until so many captures have their sockets. */
async function listening(count: number): Promise<void> {
  await eventually(async () => {
    const { stdout } = await attempt(["pgrep", "-x", "-c", "tcpdump"]);
    holds("captures run", Number(stdout) >= count, stdout);
    const [pid] = (await run(["pgrep", "-x", "tcpdump"])).trim().split("\n");
    const sockets = await run(["nsenter", "-t", pid ?? "1", "-n", "--", "ss", "-0Hn"]);
    holds("sockets", sockets.trim().split("\n").length >= count, sockets);
  }, 20_000);
}
