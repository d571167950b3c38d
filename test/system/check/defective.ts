/** A copy of mhlab whose bundled CPE has defects that can be switched on. */
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { PROJECT } from "../support/sandbox.ts";
import { ALWAYS, DEFECTS, PREAMBLE, type Defect } from "./defects.ts";

/** Makes the copy in a folder; throws when the source of the CPE has not what a defect changes. */
export async function makeDefective(folder: string): Promise<string> {
  for (const part of ["bin", "dist", "images", "schemas", "package.json"])
    cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const changes = [...ALWAYS, ...Object.values(DEFECTS).flat()];
  const texts = new Map<string, string>();
  for (const { file, find, put } of changes) texts.set(file, changed(texts.get(file), { file, find, put }));
  await build({
    absWorkingDir: PROJECT,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    logLevel: "error",
    entryPoints: { program: "src/agent/images/cpe.ts" },
    outdir: join(folder, "images/cpe"),
    plugins: [
      {
        name: "defects",
        setup(building) {
          building.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
            const text = texts.get(path.slice(join(PROJECT, "src").length + 1));
            return text === undefined ? undefined : { contents: `${PREAMBLE}${text}`, loader: "ts" };
          });
        },
      },
    ],
  });
  return join(folder, "bin/mhlab.js");
}

function changed(known: string | undefined, { file, find, put }: Defect): string {
  const text = known ?? readFileSync(join(PROJECT, "src", file), "utf8");
  if (text.split(find).length !== 2) throw new Error(`${file} has not once: ${find}`);
  return text.replace(find, () => put.replaceAll("$&", find));
}
