// Builds the CLI (into dist/) and the agent (one file, put beside each Dockerfile). `agent` alone builds only that.
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  legalComments: "none",
  logLevel: "warning",
};

// dockerode loads SSH and gRPC with itself, which takes longer than most commands. Each is one function: its package is asked
// for it at the first call.
const deferred = {
  name: "deferred",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(ssh|session)$/ }, ({ path, resolveDir }) => {
      const [, owner] = /\/node_modules\/(dockerode|docker-modem)\/lib$/.exec(resolveDir) ?? [];
      return owner && { path: `${owner}/lib/${path.slice(2)}.js`, namespace: "deferred" };
    });
    onLoad({ filter: /.*/, namespace: "deferred" }, ({ path }) => ({
      contents: `const from = () => requireOf(requireHere.resolve("dockerode"));
        module.exports = (...words) => from()(${JSON.stringify(path)})(...words);`,
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
      // What scripts/vm and bench ask of the core.
      "core/apt-sources": "src/core/sandbox/apt-sources.ts",
      "core/cpe-environment": "src/core/cpe/environment.ts",
      "core/appliance": "src/core/plan/appliance.ts",
      "core/body": "src/core/plan/body.ts",
    },
    outdir: "dist",
    // As deep as src/cli, from where the package's other folders are `../..`.
    chunkNames: "parts/[name]-[hash]",
    splitting: true,
    format: "esm",
    external: ["protobufjs"],
    plugins: [deferred],
    banner: {
      js: `import { createRequire as requireOf } from "node:module";
        const requireHere = requireOf(import.meta.url), require = requireHere;`,
    },
  });

const buildAgent = async (role) => {
  await build({
    ...shared,
    entryPoints: ["src/agent/main.ts"],
    outfile: `images/${role}/agent.js`,
    format: "cjs",
  });
  copyFileSync("images/agent-front.sh", `images/${role}/agent-front.sh`);
};

if (process.argv[2] !== "agent") {
  rmSync("dist", { recursive: true, force: true });
  await buildCli();
}
await Promise.all(["bng", "internet", "cpe"].map(buildAgent));
