// Builds the CLI (into dist/) and the agent (one file, put beside each Dockerfile). `agent` alone builds only that.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { aboutPackage, packagesIn, thirdParty } from "./third-party.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const git = (...args) =>
  execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** The commit of the sources, for records of runs; null without git. Ends with `-dirty` when tracked files differ from it. */
function commitOf() {
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
    return git("rev-parse", "HEAD") + (changed ? "-dirty" : "");
  } catch {
    return null;
  }
}

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

// dockerode brings SSH, gRPC and protobuf, for connections and a builder that mhlab does not use, and packs folders, which mhlab
// does itself: they are no part of it.
const leftOut = {
  name: "left-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(ssh|session|buildkit)$/ }, ({ path, resolveDir }) =>
      /\/node_modules\/(dockerode|docker-modem)\/lib$/.test(resolveDir)
        ? { path: path.slice(2), namespace: "left-out" }
        : undefined,
    );
    onResolve({ filter: /^(tar-fs|@balena\/dockerignore)$/ }, ({ path, resolveDir }) =>
      resolveDir.endsWith("/node_modules/dockerode/lib") ? { path, namespace: "left-out" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error("dockerode's ${path} is no part of mhlab"); };`,
    }));
  },
};

// One file per part that is loaded at once: reading hundreds of small ones is half of a short command's time.
const buildCli = () =>
  build({
    ...shared,
    entryPoints: {
      "cli/main": "src/cli/main.ts",
      "sandbox/privileged": "src/adapters/sandbox/privileged.ts",
      // What scripts and bench ask of the core.
      "core/apt-sources": "src/adapters/sandbox/texts/apt-sources.ts",
      "core/cpe-software": "src/core/render/cpe/software/registry.ts",
      "core/nodes": "src/core/render/nodes/registry.ts",
      "core/body": "src/core/render/plan/body.ts",
    },
    outdir: "dist",
    // Of the CLI alone: images would be built anew for each commit.
    define: { MHLAB_COMMIT: JSON.stringify(commitOf()) },
    // As deep as src/cli, from where the package's other folders are `../..`.
    chunkNames: "parts/[name]-[hash]",
    splitting: true,
    format: "esm",
    plugins: [leftOut],
    // What the packages in it require of Node.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });

// What runs in a browser: one script and one style sheet; nothing else is loaded.
const buildPage = async () => {
  const built = await build({
    ...shared,
    entryPoints: { page: "src/web/main.tsx", "page-style": "src/web/page.css" },
    outdir: "dist/web",
    platform: "browser",
    target: ["chrome120", "firefox120", "safari17"],
    format: "esm",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  renameSync("dist/web/page-style.css", "dist/web/page.css");
  for (const file of ["index.html", "icon.svg"]) copyFileSync(`src/web/${file}`, `dist/web/${file}`);
  return built;
};

/** Images with the roles of another one. */
const SAME_ROLES = { "cpe-others": "cpe" };

const buildAgent = async (role) => {
  const built = await build({
    ...shared,
    entryPoints: { agent: "src/agent/start.ts", program: `src/agent/images/${SAME_ROLES[role] ?? role}.ts` },
    outdir: `images/${role}`,
    format: "cjs",
  });
  for (const file of ["agent-front.sh", "agent-start.sh"])
    copyFileSync(`images/${file}`, `images/${role}/${file}`);
  for (const program of ["runner", "probe", "tally"]) {
    rmSync(`images/${role}/${program}`, { recursive: true, force: true });
    cpSync(`images/${program}`, `images/${role}/${program}`, { recursive: true });
  }
  return built;
};

const agents = Promise.all(["bng", "internet", "cpe", "cpe-others"].map(buildAgent));
if (process.argv[2] === "agent") await agents;
else {
  rmSync("dist", { recursive: true, force: true });
  const ofAgents = await agents;
  const built = [...(await Promise.all([buildCli(), buildPage()])), ...ofAgents];
  const inAgents = packagesIn(ofAgents.map(({ metafile }) => metafile)).map(aboutPackage);
  writeFileSync("dist/agent-packages.json", `${JSON.stringify(inAgents, null, 2)}\n`);
  writeFileSync("dist/THIRD-PARTY.txt", thirdParty(packagesIn(built.map(({ metafile }) => metafile))));
}
