// What probing costs: a host with fifty addresses that probes the internet from each, ten times a second.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { figure } from "../numbers.mjs";
import { FOLDER, SANDBOX, docker, nodes, mhlab, run } from "../place.mjs";

const LAB = "bench-probes";
const SOURCES = 50;
const EVERY_MS = 100;
const CALM_MS = 5000;
const WATCH_S = 20;

/** CPU of the host's container (program, agent, and what hands the lines over) and of the internet's, without what they use anyway. */
export async function measureProbes({ say }) {
  const lab = join(FOLDER, "probes.yaml");
  writeFileSync(
    lab,
    `name: ${LAB}
internet: bundled
providers:
  - {name: alpha, prefix: "2001:db8:a::/48", subscriber: {cpe: home}}
cpes:
  - {name: home, hosts: 1}
`,
  );
  await mhlab(["up", lab]);
  try {
    const all = await nodes(LAB);
    const [host, internet] = [all.get("home-host1"), all.get("internet")];
    const addresses = Array.from({ length: SOURCES - 1 }, (_, index) => `2001:db8:a:8001::5:${index + 1}/64`);
    const script = `for one in ${addresses.join(" ")}; do ip addr add $one dev eth0 nodad; done`;
    await run(["docker", "exec", host, "sh", "-c", script]);
    await sleep(CALM_MS);
    const idle = await cores([host, internet]);
    const probing = startProbing(host);
    await sleep(CALM_MS);
    const busy = await cores([host, internet]);
    const lines = await probing.stop();
    const answered = lines.filter((line) => line.startsWith('["answered"')).length;
    const sent = lines.filter((line) => line.startsWith("[")).length;
    say(`${sent} probes, ${answered} answered`);
    return [
      figure(`CPU of a host with ${SOURCES} sources, each every ${EVERY_MS} ms`, busy[0] - idle[0], {
        unit: "core",
        limit: 0.1,
      }),
      // Where the kernel has no WireGuard its processes are most of this.
      figure("the same of the bundled internet, with its tunnel", busy[1] - idle[1], { unit: "core" }),
      figure("share of these probes that was told as answered", answered / sent, { unit: "", reach: 0.999 }),
    ];
  } finally {
    await mhlab(["down", LAB, "--purge"], { fails: true });
  }
}

function startProbing(host) {
  const words = ["exec", "-i", host, "agent", "probe", `every=${EVERY_MS}`, "stamp=2001:db8::1"];
  const child = spawn("docker", ["-H", `unix://${SANDBOX}/docker.sock`, ...words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  return {
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      await ended;
      return said.split("\n");
    },
  };
}

/** Cores that containers use, for some seconds. */
async function cores(ids) {
  const before = await Promise.all(ids.map(cpuSeconds));
  await sleep(WATCH_S * 1000);
  const after = await Promise.all(ids.map(cpuSeconds));
  return after.map((seconds, index) => (seconds - before[index]) / WATCH_S);
}

async function cpuSeconds(id) {
  const stats = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
  return stats.cpu_stats.cpu_usage.total_usage / 1e9;
}
