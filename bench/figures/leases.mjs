// What a BNG does when many ask at once, and what it costs when they are gone.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { figure } from "../numbers.mjs";
import { FOLDER, docker, nodes, mhlab, run, timed } from "../place.mjs";

const LAB = "bench-leases";
const PORT = "bench-lease";
const TOOL = "bench-perfdhcp";
const OFFERED = 4000;
const CUSTOMERS = 8000;
const SETTLED_MS = 2000;
const WATCH_S = 60;

/** perfdhcp (Kea's own) offers 4000 exchanges a second; then nobody is there any more. */
export async function measureLeases({ say }) {
  const lab = join(FOLDER, "leases.yaml");
  writeFileSync(
    lab,
    `name: ${LAB}
internet: bundled
providers:
  - name: many
    prefix: 3fff:1::/32
    delegation: {prefix: "3fff:1:8000::/36", length: 56, per-customer: 32768}
    subscriber: {veth: ${PORT}}
`,
  );
  await mhlab(["up", lab]);
  const bng = (await nodes(LAB)).get("many");
  const tool = await startTool(bng);
  try {
    // From one MAC with many DUIDs: from a link-local address alone (RFC 8415 16).
    await inTool(tool, `sysctl -qw net.ipv6.conf.${PORT}.accept_ra=0 && ip link set ${PORT} up && sleep 3`);
    const ask = (rate, count) =>
      inTool(tool, `perfdhcp -6 -l ${PORT} -e prefix-only -r ${rate} -R 1000000 -n ${count} -W 500000; true`);
    await ask(20, 20);
    const rates = [];
    for (const rate of [OFFERED, 2 * OFFERED]) {
      say(`${rate} exchanges a second are offered`);
      rates.push(Number(/^Rate: ([\d.]+)/m.exec(await ask(rate, CUSTOMERS))?.[1]));
      await sleep(SETTLED_MS);
      const [leases, routes] = await Promise.all([leasesOf(bng), routesOf(bng)]);
      say(`${leases} leases, ${routes} routes 2 s after the last`);
      rates.push(Math.abs(leases - routes));
    }
    const [done, unrouted, beyond, unroutedBeyond] = rates;
    const leases = (await status(bng)).delegations.length;
    await sleep(15_000);
    const asked = await timed(() => status(bng));
    let table = "";
    const shown = await timed(async () => {
      table = (await mhlab(["status", LAB], { fails: true })).stdout;
    });
    const before = await cpuSeconds(bng);
    await sleep(WATCH_S * 1000);
    const idle = ((await cpuSeconds(bng)) - before) / WATCH_S;
    return [
      figure(`lease exchanges a second, ${OFFERED} offered`, done, { unit: "/s", reach: 2000 }),
      figure(`the same, ${2 * OFFERED} offered / ${OFFERED} offered`, beyond / done, {
        unit: "x",
        reach: 0.8,
      }),
      figure(
        "leases without a route, and routes without a lease, 2 s after the last",
        unrouted + unroutedBeyond,
        {
          unit: "",
          limit: 0,
        },
      ),
      figure(`idle CPU with ${leases} leases whose customers are gone`, idle, { unit: "core", limit: 0.03 }),
      figure("bng status of that", asked, { unit: "s", limit: 0.5 }),
      figure("mhlab status of that", shown, { unit: "s", limit: 0.5 }),
      figure("its lines", table.trimEnd().split("\n").length, { unit: "", limit: 40 }),
    ];
  } finally {
    await tool.remove({ force: true });
    await mhlab(["down", LAB, "--purge"], { fails: true });
  }
}

/** A container with perfdhcp and the customers' end of the BNG's link. */
async function startTool(bng) {
  const { Config } = await docker.getContainer(bng).inspect();
  const folder = join(FOLDER, "perfdhcp");
  await run(["mkdir", "-p", folder]);
  writeFileSync(
    join(folder, "Dockerfile"),
    `FROM ${Config.Image}\nRUN apt-get update && apt-get install -y --no-install-recommends kea-admin\nENTRYPOINT []\n`,
  );
  await run(["docker", "build", "-q", "--network", "host", "-t", TOOL, folder]);
  const tool = await docker.createContainer({
    Image: TOOL,
    Cmd: ["sleep", "infinity"],
    HostConfig: { NetworkMode: "none", Privileged: true },
  });
  await tool.start();
  const { State } = await tool.inspect();
  await mhlab(["sandbox", "exec", "--", "ip", "link", "set", PORT, "netns", String(State.Pid)]);
  return tool;
}

async function inTool(tool, script) {
  return (await run(["docker", "exec", tool.id, "sh", "-c", script])).stdout;
}

async function status(bng) {
  return JSON.parse((await run(["docker", "exec", bng, "bng", "status"])).stdout);
}

/** What Kea says that it has leased, and what the kernel routes: asked of both themselves. */
async function leasesOf(bng) {
  const question = { command: "statistic-get", arguments: { name: "subnet[1].assigned-pds" } };
  const socket = "/run/kea/kea6-ctrl-socket";
  const script = `printf %s '${JSON.stringify(question)}' | nc -N -U ${socket}`;
  const { arguments: found } = JSON.parse((await run(["docker", "exec", bng, "sh", "-c", script])).stdout);
  return found["subnet[1].assigned-pds"][0][0];
}

async function routesOf(bng) {
  const script = "ip -6 route show dev sub0 proto 201 | wc -l";
  return Number((await run(["docker", "exec", bng, "sh", "-c", script])).stdout);
}

async function cpuSeconds(id) {
  const stats = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
  return stats.cpu_stats.cpu_usage.total_usage / 1e9;
}
