// What a customer's router costs: TCP of a host behind the bundled CPE against the same from the BNG itself.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { figure, median } from "../numbers.mjs";
import { FOLDER, docker, nodes, mhlab, run } from "../place.mjs";

const LAB = "bench-way";
const FAR = "2001:db8::1";
const SECONDS = 3;
const ROUNDS = 10;

/** Both ways in turn, either first, up and down; the medians of their ratios. */
export async function measureThroughput({ say }) {
  const file = join(FOLDER, "way.yaml");
  writeFileSync(
    file,
    `name: ${LAB}
internet: bundled
providers:
  - {name: line, prefix: "2001:db8:a::/48", subscriber: {cpe: home}}
cpes:
  - {name: home, hosts: 1}
`,
  );
  await mhlab(["up", file]);
  try {
    const ids = await nodes(LAB);
    const host = ids.get("home-host1");
    const { Image } = await docker.getContainer(host).inspect();
    const iperf = ["iperf3", "-J", "-t", String(SECONDS), "-c", FAR];
    const behind = (words) => run(["docker", "exec", host, ...iperf, ...words]);
    const beside = [
      "run",
      "--rm",
      "--network",
      `container:${ids.get("line")}`,
      "--entrypoint",
      iperf[0],
      Image,
    ];
    const straight = (words) => run(["docker", ...beside, ...iperf.slice(1), ...words]);
    const figures = [];
    for (const [direction, words] of Object.entries({ up: [], down: ["-R"] })) {
      const ratios = [];
      for (let round = 0; round < ROUNDS; round++) {
        const ways = round % 2 === 0 ? [straight, behind] : [behind, straight];
        const rates = new Map();
        for (const way of ways) rates.set(way, rateOf(await way(words)));
        const through = rates.get(straight);
        ratios.push(rates.get(behind) / through);
        say(
          `${direction}: ${Math.round(through / 1e6)} Mbit/s through the tunnel, ratio ${ratios.at(-1).toFixed(2)}`,
        );
      }
      figures.push(
        figure(`throughput behind the CPE / through the tunnel alone, ${direction}`, median(ratios), {
          unit: "x",
          reach: 0.97,
          samples: ratios,
        }),
      );
    }
    return figures;
  } finally {
    await mhlab(["down", LAB, "--purge"], { fails: true });
  }
}

function rateOf({ stdout }) {
  return JSON.parse(stdout).end.sum_received.bits_per_second;
}
