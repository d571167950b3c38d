// What the lab host, its engine and its containers use.
import { SANDBOX, mhlab, run } from "../place.mjs";

/** By the name of a program: how many there are, their file descriptors, and their memory in KiB (PSS). */
const LOOK = `for process in /proc/[0-9]*; do
  name=$(cat $process/comm 2> /dev/null) || continue
  pss=$(sed -n 's/^Pss: *\\([0-9]*\\) kB/\\1/p' $process/smaps_rollup 2> /dev/null)
  echo "$name \${pss:-0} $(ls $process/fd 2> /dev/null | wc -l)"
done; echo "links $(ip -o link | wc -l) 0"; echo "namespaces $(ls /var/run/netns 2> /dev/null | wc -l) 0"`;
/** Those that this look itself starts. */
const OURS = new Set(["sh", "sed", "ls", "wc", "cat", "nsenter"]);
/** A garbage-collected program breathes: so much more is no leak. */
const MEMORY_SHARE = 1.25;
const MEMORY_KIB = 8 * 1024;
/** The engine's own are given back late: in 5 minutes containerd went from 34 to 51 MiB. A leak is more than this in an hour. */
const ENGINE = new Set(["dockerd", "containerd", "containerd-shim"]);
const ENGINE_KIB = 32 * 1024;
const DESCRIPTORS = 8;
/** Logs of the engine and of the nodes grow, within the bounds that they have. */
const DISK_MIB = 30;

/** Sums by program, and what is on the disk in MiB. */
export async function footprint() {
  const { stdout } = await mhlab(["sandbox", "exec", "--", "sh", "-c", LOOK]);
  const programs = new Map();
  for (const line of stdout.trim().split("\n")) {
    const [, name, memory, descriptors] = /^(.*) (\d+) (\d+)$/.exec(line) ?? [];
    if (name === undefined || OURS.has(name)) continue;
    const sum = programs.get(name) ?? { count: 0, memory: 0, descriptors: 0 };
    sum.count += 1;
    sum.memory += Number(memory);
    sum.descriptors += Number(descriptors);
    programs.set(name, sum);
  }
  const { stdout: disk } = await run(["du", "-sm", SANDBOX], { fails: true });
  return { programs, disk: Number(disk.split(/\s/)[0]) };
}

/** A sentence for everything that grew; all figures are said. */
export function difference(before, after, say) {
  const problems = [];
  const compare = (what, was, is, most) => {
    if (is > most) problems.push(`${what}: ${was} before, ${is} after`);
  };
  for (const name of new Set([...before.programs.keys(), ...after.programs.keys()])) {
    const was = before.programs.get(name) ?? { count: 0, memory: 0, descriptors: 0 };
    const is = after.programs.get(name) ?? { count: 0, memory: 0, descriptors: 0 };
    say(`${name}: ${texts(was)} -> ${texts(is)}`);
    compare(`processes of ${name}`, was.count, is.count, was.count);
    compare(`descriptors of ${name}`, was.descriptors, is.descriptors, was.descriptors + DESCRIPTORS);
    const more = ENGINE.has(name) ? ENGINE_KIB : MEMORY_KIB;
    compare(`KiB of ${name}`, was.memory, is.memory, was.memory * MEMORY_SHARE + more);
  }
  say(`disk: ${before.disk} -> ${after.disk} MiB`);
  compare("MiB on the disk", before.disk, after.disk, before.disk + DISK_MIB);
  return problems;
}

function texts({ count, memory, descriptors }) {
  return `${count} processes, ${descriptors} descriptors, ${memory} KiB`;
}
