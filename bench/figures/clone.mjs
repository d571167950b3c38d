// From a fresh clone to a healthy lab, against what no way there can do without.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { figure } from "../numbers.mjs";
import { FOLDER, PROJECT, run, timed } from "../place.mjs";

const CLONE = join(FOLDER, "clone");
const SANDBOX = join(FOLDER, "clone-sandbox");
const ROOT = join(FOLDER, "clone-root.tar");
const NPM_CI = ["npm", "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"];

/** The programs of scripts/setup.sh have to be there; its caches are not used. */
export async function measureClone({ say }) {
  const place = {
    MHLAB_SANDBOX_DIR: SANDBOX,
    MHLAB_STATE_DIR: join(FOLDER, "clone-state"),
    MHLAB_CACHE_DIR: join(FOLDER, "clone-cache"),
  };
  const inClone = (argv) => run(["env", "-C", CLONE, ...assignments(place), ...argv]);
  const mhlab = (...words) => inClone([process.execPath, "bin/mhlab.js", ...words]);
  try {
    rmSync(CLONE, { recursive: true, force: true });
    const whole = await timed(async () => {
      await run(["git", "clone", "-q", PROJECT, CLONE]);
      await inClone(["bash", "scripts/setup.sh"]);
      await mhlab("sandbox", "start");
      await mhlab("up", "examples/two-isps/lab.yaml");
    });
    say(`from clone to lab: ${whole.toFixed(0)} s`);
    await mhlab("sandbox", "stop", "--purge");
    rmSync(join(CLONE, "node_modules"), { recursive: true, force: true });
    const npm = await timed(() => inClone(NPM_CI));
    const packages = await timed(() => run(["env", "LC_ALL=C.UTF-8", "mmdebstrap", ...bootstrap()]));
    const note = `${whole.toFixed(0)} s; npm ${npm.toFixed(0)} s, a root with all packages ${packages.toFixed(0)} s`;
    return [
      figure("fresh clone to healthy lab / packages, npm and base image alone", whole / (npm + packages), {
        unit: "x",
        limit: 1.5,
        note,
      }),
    ];
  } finally {
    await mhlab("sandbox", "stop", "--purge").catch(() => undefined);
    for (const path of [CLONE, ROOT, place.MHLAB_STATE_DIR, place.MHLAB_CACHE_DIR])
      rmSync(path, { recursive: true, force: true });
  }
}

function assignments(place) {
  return Object.entries(place).map(([name, value]) => `${name}=${value}`);
}

/** One root file system with every package that the Dockerfiles name. */
function bootstrap() {
  const packages = ["bng", "internet", "cpe"].flatMap((role) => {
    const text = readFileSync(join(PROJECT, "images", role, "Dockerfile"), "utf8").replaceAll("\\\n", " ");
    const found = [...text.matchAll(/apt-get install -y --no-install-recommends ([^&\n]*)/g)];
    return found.flatMap(([, words]) => words.trim().split(/\s+/));
  });
  const include = [...new Set(["ca-certificates", ...packages])].join(",");
  return [
    "--variant=minbase",
    "--format=tar",
    "--dpkgopt=force-unsafe-io",
    `--include=${include}`,
    "trixie",
    ROOT,
  ];
}
