#!/usr/bin/env bash
# Copies what runs of this project in the test machine into a folder: the built CLI, the images' folders, the driver.
# Usage: project.sh <folder>
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1

cp -a bin dist images package.json "$target"
node --input-type=module -e '
  import { build } from "esbuild";
  const [outfile] = process.argv.slice(1);
  const platform = { bundle: true, platform: "node", target: "node20", format: "esm", legalComments: "none" };
  await build({ entryPoints: ["test/vm/driver/main.ts"], outfile, ...platform });
' "$target/driver.js"
