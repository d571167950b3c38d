// How long a CPE waits that is plugged in when the lab is up.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODES } from "../../dist/core/nodes.js";
import { containerBody } from "../../dist/core/body.js";
import { providers } from "../lab.mjs";
import { figure, median } from "../numbers.mjs";
import { docker, mhlab, run, timed } from "../place.mjs";

const LIMIT_MS = 30_000;
const NAME = "bench-cpe";

/** From `docker start` of the bundled CPE to the delegated prefix in its status, with several providers in turn. */
export async function measureDelegation({ count, rounds }) {
  const { stdout } = await mhlab(["image", "build", "--json"]);
  const image = imageOf(JSON.parse(stdout));
  const samples = [];
  for (const { name, port } of providers(count).slice(0, Math.max(3, rounds))) {
    const cpe = await docker.createContainer({ name: NAME, ...bodyOf(image, name, port) });
    try {
      samples.push(
        await timed(async () => {
          await cpe.start();
          await untilDelegated(cpe.id);
        }),
      );
    } finally {
      await cpe.remove({ force: true, v: true });
      await docker.getVolume(`mhlab-${NAME}-run`).remove();
    }
  }
  const note = `the CPE starts when the lab is up, ${samples.length} providers`;
  return [
    figure("docker start of a CPE to its prefix", median(samples), { unit: "s", limit: 3, samples, note }),
  ];
}

function imageOf(built) {
  const text = JSON.stringify(built);
  const found = /mhlab\/cpe:[0-9a-f]+/.exec(text)?.[0];
  if (found === undefined) throw new Error(`no image of the CPE in ${text}`);
  return found;
}

function bodyOf(image, provider, link) {
  const { capabilities, command, devices, sysctls } = NODES.cpe;
  const spec = { lab: NAME, name: NAME, role: "cpe", image, command, capabilities, devices, sysctls };
  const body = containerBody({
    ...spec,
    hostResolvers: true,
    files: [],
    binds: [],
    labels: { "io.mhlab.role": "cpe" },
  });
  const file = join(mkdtempSync(join(tmpdir(), "mhlab-bench-")), "cpe.yaml");
  writeFileSync(file, JSON.stringify({ name: NAME, wans: [{ provider, link }] }));
  body.HostConfig.Binds.push(`${file}:/etc/mhlab/cpe.yaml:ro`);
  return body;
}

async function untilDelegated(id) {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const { stdout } = await run(["docker", "exec", id, "agent", "status"], { fails: true });
    if (/"delegatedPrefix":"/.test(stdout)) return;
    if (performance.now() > deadline) throw new Error(`no prefix in time: ${stdout}`);
  }
}
