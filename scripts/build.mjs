// Builds the CLI (tsc) and the agent (one file, copied beside each Dockerfile).
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], { stdio: "inherit" });
await build({
  entryPoints: ["src/agent/main.ts"],
  outfile: "dist/agent.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  legalComments: "none",
  logLevel: "warning",
});
for (const role of ["bng", "internet", "cpe"]) {
  copyFileSync("dist/agent.js", `images/${role}/agent.js`);
  copyFileSync("images/agent-front.sh", `images/${role}/agent-front.sh`);
}
