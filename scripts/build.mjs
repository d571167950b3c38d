// Builds the CLI (tsc, into dist/) and the agent (one file, put beside each Dockerfile). `agent` alone builds only that.
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

if (process.argv[2] !== "agent") {
  rmSync("dist", { recursive: true, force: true });
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], { stdio: "inherit" });
}

for (const role of ["bng", "internet", "cpe"]) {
  await build({
    entryPoints: ["src/agent/main.ts"],
    outfile: `images/${role}/agent.js`,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    logLevel: "warning",
  });
  copyFileSync("images/agent-front.sh", `images/${role}/agent-front.sh`);
}
