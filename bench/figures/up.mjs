// `mhlab up` against `docker compose up -d` of equal containers, until the same state.
import { setTimeout as sleep } from "node:timers/promises";
import { PROJECT_NAME, containerOf, writeCompose } from "../compose.mjs";
import { LAB } from "../lab.mjs";
import { figure, median } from "../numbers.mjs";
import { docker, mhlab, run, timed } from "../place.mjs";
import { untilReady } from "../ready.mjs";

const PAUSE_MS = 3000;

/** Seconds of our own `up` by the number of providers. */
const seconds = new Map();

/** Leaves the lab up. `limits` are of the ratio to compose, of the CPU, and of the ratio to our own `up` of fewer. */
export async function measureUp({ file, count, rounds, say, limits }) {
  const internet = `mhlab-${LAB}-internet`;
  await mhlab(["up", file, "--timeout", "300"]);
  const composeFile = await writeCompose(LAB);
  const compose = (...words) => run(["docker", "compose", "-f", composeFile, "-p", PROJECT_NAME, ...words]);
  await down();
  const ours = [];
  const theirs = [];
  const cpu = [];
  for (let round = 1; round <= rounds; round++) {
    theirs.push(
      await timed(async () => {
        await compose("up", "-d", "--quiet-pull");
        await untilReady(containerOf("internet"), count);
      }),
    );
    await compose("down", "--volumes", "--timeout", "3");
    await sleep(PAUSE_MS);
    ours.push(
      await timed(async () => {
        await mhlab(["up", file, "--timeout", "300"]);
        await untilReady(internet, count);
      }),
    );
    cpu.push(await cpuSeconds());
    say(`round ${round}: compose ${theirs.at(-1).toFixed(1)} s, mhlab ${ours.at(-1).toFixed(1)} s`);
    if (round < rounds) await down();
  }
  seconds.set(count, median(ours));
  const { fewer } = limits;
  return [
    figure(`mhlab up of ${count} / docker compose up`, median(ours) / median(theirs), {
      unit: "x",
      limit: limits.compose,
      note: `medians ${median(ours).toFixed(1)} s and ${median(theirs).toFixed(1)} s, ${rounds} rounds`,
    }),
    figure(`mhlab up of ${count}`, median(ours), { unit: "s", samples: ours }),
    figure(`docker compose up of ${count}`, median(theirs), { unit: "s", samples: theirs }),
    figure(`CPU inside the containers until ${count} are ready`, median(cpu), {
      unit: "s",
      ...(limits.cpu === undefined ? {} : { limit: limits.cpu }),
      samples: cpu,
    }),
    ...(fewer === undefined || !seconds.has(fewer.count)
      ? []
      : [
          figure(`mhlab up of ${count} / of ${fewer.count}`, median(ours) / seconds.get(fewer.count), {
            unit: "x",
            limit: fewer.limit,
          }),
        ]),
  ];
}

async function down() {
  await mhlab(["down", LAB]);
  await sleep(PAUSE_MS);
}

async function cpuSeconds() {
  let used = 0;
  // One after the other: of a hundred at once some are answered with nothing.
  for (const { Id } of await docker.listContainers()) {
    const { cpu_stats: cpu } = await docker.getContainer(Id).stats({ stream: false, "one-shot": true });
    used += cpu.cpu_usage.total_usage / 1e9;
  }
  return used;
}
