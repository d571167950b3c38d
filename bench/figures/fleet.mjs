// A thousand customers at an access link: they get a prefix, are renumbered, and move to another provider, beside an honest one.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { figure, median } from "../numbers.mjs";
import { FOLDER, nodes, mhlab, run, timed } from "../place.mjs";
import { cpuSeconds, pssMiB } from "./idle.mjs";

const LAB = "bench-fleet";
const CLIENTS = 1000;
/** Of the port that `mhlab load perfdhcp` makes at the access link. */
const FLEET_MAC = "02:f1:ee:ff:00:01";
/** They repeat until each has an answer, and have all this time. */
const FLEET_S = 60;
const HONEST_S = 15;
/** The honest customer is under way before the others begin. */
const LEAD_MS = 2000;
const NS_PER_S = 1e9;

/** All ask at once: at first, after each renumbering, and at beta when alpha is gone. What each costs is compared with the first. */
export async function measureFleet({ say }) {
  const file = join(FOLDER, "fleet.yaml");
  writeFileSync(file, labOf({ alpha: "3fff:1", beta: "3fff:b" }));
  await mhlab(["up", file]);
  try {
    const ids = await nodes(LAB);
    const [alpha, beta] = ["alpha", "beta"].map((name) => ({ name, id: ids.get(name) }));
    const cpe = ids.get("home");
    const memory = [await pssMiB(alpha.id)];
    const alone = { alpha: await honest("alpha"), beta: await honest("beta") };
    for (const [name, found] of Object.entries(alone)) say(`alone by ${name}: ${inWords(found)}`);
    const held = await prefixesOf(cpe);
    const phase = async (name, bng, { by, prefix, change }) => {
      const own = bng.name === by ? alone[by].cores : 0;
      const found = await measurePhase(bng, { by, own, prefix, change });
      say(`${name}: ${found.leases} of ${CLIENTS} after ${found.lastsS.toFixed(1)} s, ${inWords(found)}`);
      return found;
    };
    const setup = await phase("session setup", alpha, { by: "alpha", prefix: "3fff:1:" });
    memory.push(await pssMiB(alpha.id));
    const kept = [(await prefixesOf(cpe)).alpha === held.alpha];
    const graceful = await phase("graceful renumbering", alpha, {
      by: "alpha",
      prefix: "3fff:2:",
      change: ["renumber", "alpha", "3fff:2::/32", "--graceful"],
    });
    const flash = await phase("flash renumbering", alpha, {
      by: "beta",
      prefix: "3fff:3:",
      change: ["renumber", "alpha", "3fff:3::/32", "--flash"],
    });
    memory.push(await pssMiB(alpha.id));
    const failover = await phase("failover", beta, {
      by: "beta",
      prefix: "3fff:b:",
      change: ["fault", "inject", "link-carrier-down", "alpha"],
    });
    kept.push((await prefixesOf(cpe)).beta === held.beta);
    return figuresOf({ alone, setup, graceful, flash, failover, memory, kept });
  } finally {
    await mhlab(["down", LAB, "--purge"], { fails: true });
  }
}

function labOf(providers) {
  const entries = Object.entries(providers).map(
    ([name, prefix]) => `  - name: ${name}
    prefix: ${prefix}::/32
    delegation: {prefix: "${prefix}:8000::/36", length: 56, per-customer: ${4 * CLIENTS}}
    subscriber: {cpe: home}
`,
  );
  return `name: ${LAB}\ninternet: bundled\nproviders:\n${entries.join("")}cpes:\n  - {name: home, hosts: 1}\n`;
}

/**
 * Makes a change, and lets all customers ask. How long it takes is what the command of the change takes, and from the first message of
 * the customers to the last lease: not how long it takes to start their tool. Of the BNG's CPU what the honest customer costs alone
 * (`own`, in cores) is not counted.
 */
async function measurePhase({ name, id }, { by, own, prefix, change }) {
  const measured = honest(by);
  try {
    await sleep(LEAD_MS);
    const before = await cpuSeconds(id);
    const begun = performance.now();
    const changeS = change === undefined ? 0 : await timed(() => mhlab(change));
    const samples = await load(
      "perfdhcp",
      ["--at-link", name, `clients=${CLIENTS}`, "avalanche=true"],
      FLEET_S,
    );
    const cpu = (await cpuSeconds(id)) - before - own * ((performance.now() - begun) / 1000);
    const begins = samples.filter(({ metric }) => metric === "advertise").map(({ atNs }) => atNs);
    const ends = samples
      .filter(({ metric }) => metric === "session")
      .map(({ atNs, lastsNs }) => atNs + lastsNs);
    if (begins.length === 0 || ends.length === 0) throw new Error(`no customer of ${name} got a prefix`);
    const lastsS = changeS + (Math.max(...ends) - Math.min(...begins)) / NS_PER_S;
    const leases = await leasesOf(id, prefix);
    return { by, lastsS, leases, cpu, ...(await measured) };
  } finally {
    await measured.catch(() => undefined);
  }
}

/** What an honest customer gets by a provider: bits a second of a download, round trips in seconds, and the cores of its BNG. */
async function honest(provider) {
  const bng = (await nodes(LAB)).get(provider);
  const before = await cpuSeconds(bng);
  const words = ["--from", "home-host1", "--source", provider];
  const [download, trips] = await Promise.all([
    load("iperf3", [...words, "rate=10mbit", "reverse=true"], HONEST_S),
    load("irtt", [...words, "interval=20ms"], HONEST_S),
  ]);
  const cores = ((await cpuSeconds(bng)) - before) / HONEST_S;
  const throughput = download.find(({ metric }) => metric === "throughput-mean")?.value;
  const rtts = trips.filter(({ metric }) => metric === "rtt").map(({ value }) => value);
  if (throughput === undefined || rtts.length === 0) throw new Error("the honest customer measured nothing");
  return { throughput, rtt: median(rtts), cores };
}

async function load(kind, words, forS) {
  const { stdout } = await mhlab(["load", kind, ...words, "--for", `${forS}s`, "--lab", LAB, "--json"]);
  return JSON.parse(stdout).samples;
}

/** How many leases of a prefix the customers hold, as the BNG has them. */
async function leasesOf(bng, prefix) {
  const { delegations } = await statusOf(bng);
  return delegations.filter((one) => one.mac === FLEET_MAC && one.prefix.startsWith(prefix)).length;
}

async function prefixesOf(cpe) {
  const { wans } = await statusOf(cpe);
  return Object.fromEntries(wans.map(({ provider, delegatedPrefix }) => [provider, delegatedPrefix]));
}

async function statusOf(id) {
  return JSON.parse((await run(["docker", "exec", id, "agent", "status"])).stdout);
}

function inWords({ throughput, rtt }) {
  return `honest customer ${(throughput / 1e6).toFixed(1)} Mbit/s, ${(rtt * 1000).toFixed(1)} ms`;
}

/** Each against the same in this run: session setup, the honest customer alone, and the BNG before anybody came. */
function figuresOf({ alone, setup, graceful, flash, failover, memory, kept }) {
  const changes = {
    "graceful renumbering": graceful,
    "flash renumbering": flash,
    "failover of all": failover,
  };
  const all = [setup, ...Object.values(changes)];
  const ownOf = (phase) => alone[phase.by];
  const lowest = all.map((phase) => phase.throughput / ownOf(phase).throughput);
  const trips = all.map((phase) => phase.rtt / ownOf(phase).rtt);
  const cpu = all.map((phase) => phase.cpu);
  const leases = all.map((phase) => phase.leases);
  return [
    figure(`customers of ${CLIENTS} that hold a prefix, in the worst of four phases`, Math.min(...leases), {
      unit: "",
      reach: CLIENTS,
      samples: leases,
    }),
    figure(`session setup of ${CLIENTS}`, setup.lastsS, { unit: "s" }),
    ...Object.entries(changes).map(([name, { lastsS }]) =>
      figure(`${name}, until all have the prefix / session setup`, lastsS / setup.lastsS, {
        unit: "x",
        limit: 2,
        note: `${lastsS.toFixed(2)} s`,
      }),
    ),
    figure("CPU of the BNG for session setup", setup.cpu, { unit: "s" }),
    figure(
      "CPU of the BNG for the dearest change / for session setup",
      Math.max(...cpu.slice(1)) / setup.cpu,
      {
        unit: "x",
        limit: 2,
        samples: cpu,
      },
    ),
    figure("memory of the BNG with all / before (PSS)", memory[1] / memory[0], {
      unit: "x",
      limit: 2,
      samples: memory,
      note: "third sample: after both renumberings",
    }),
    figure("throughput of the honest customer / alone, in the worst phase", Math.min(...lowest), {
      unit: "x",
      reach: 0.95,
      samples: lowest,
    }),
    figure("its median round trip / alone, in the worst phase", Math.max(...trips), {
      unit: "x",
      samples: trips,
    }),
    figure("its prefixes that a phase without a renumbering took", kept.filter((one) => !one).length, {
      unit: "",
      limit: 0,
    }),
  ];
}
