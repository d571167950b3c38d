// What asking costs: `--help` against an empty Node, `status` against plain execs.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { figure, median } from "../numbers.mjs";
import { LAB } from "../lab.mjs";
import { PROJECT, nodes, mhlab, run, timed } from "../place.mjs";

const start = promisify(execFile);
const HELP_RUNS = 15;
const STATUS_RUNS = 7;
const PAUSE_MS = 2000;

/** `mhlab --help` and an empty program, in turn. */
export async function measureHelp() {
  const empty = [];
  const help = [];
  for (let round = 0; round < HELP_RUNS; round++) {
    empty.push(await timed(() => start(process.execPath, ["/dev/null"])));
    help.push(await timed(() => start(process.execPath, [join(PROJECT, "bin/mhlab.js"), "--help"])));
  }
  const note = `medians ${ms(help)} and ${ms(empty)}, ${HELP_RUNS} runs each`;
  return [figure("mhlab --help / empty Node", median(help) / median(empty), { unit: "x", limit: 2.5, note })];
}

/** `mhlab status` of the running lab, and as many execs of `true` at once, in turn. */
export async function measureStatus({ count, statusLimit = 1, calmMs = 0 }) {
  await sleep(calmMs);
  const ids = [...(await nodes(LAB)).values()];
  const status = [];
  const execs = [];
  for (let round = 0; round < STATUS_RUNS; round++) {
    execs.push(await timed(() => Promise.all(ids.map((id) => run(["docker", "exec", id, "true"])))));
    // What an engine clears away after its execs is not the cost of what comes next.
    await sleep(PAUSE_MS);
    status.push(await timed(() => mhlab(["status", LAB, "--json"])));
  }
  const note = `Node's start included, ${STATUS_RUNS} runs`;
  return [
    figure(`mhlab status of ${count}`, median(status), {
      unit: "s",
      limit: statusLimit,
      samples: status,
      note,
    }),
    figure(`mhlab status of ${count} / parallel docker exec true`, median(status) / median(execs), {
      unit: "x",
      note: `${ids.length} execs take ${ms(execs)}`,
    }),
  ];
}

function ms(seconds) {
  return `${Math.round(median(seconds) * 1000)} ms`;
}
