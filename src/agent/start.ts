// Without compiled code, the containers of twenty providers use 7.6 s of CPU until all are ready, with it 6.7 s (bench/HISTORY.md).
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";

/** The agent, made into one file, and its code as Node compiled it when the image was built. */
const PROGRAM = "/usr/local/lib/mhlab/program.js";
const CACHE = "/usr/local/lib/mhlab/program.cache";

type Program = (require: NodeJS.Require, module: object, exports: object) => void;

function compile(cachedData?: Buffer): Script {
  const source = `(function (require, module, exports) {${readFileSync(PROGRAM, "latin1")}\n})`;
  return new Script(source, { filename: PROGRAM, ...(cachedData === undefined ? {} : { cachedData }) });
}

/** Compiles all functions now, which V8 otherwise does for each when it is first called. */
async function makeCache(): Promise<void> {
  // Who starts has no use for it.
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--no-lazy");
  const script = compile();
  // It is taken by a Node with the same flags only.
  setFlagsFromString("--lazy");
  writeFileSync(CACHE, script.createCachedData());
}

/** Another Node, or one on another kind of CPU, takes no notice of the cache: images travel. */
function readCache(): Buffer | undefined {
  try {
    return readFileSync(CACHE);
  } catch {
    return undefined;
  }
}

if (process.argv[2] === "cache") void makeCache();
else {
  // Node 24 calls itself MainThread; people look for node.
  writeFileSync("/proc/self/comm", "node");
  const module = { exports: {} };
  const program = compile(readCache()).runInThisContext() as Program;
  program(createRequire(PROGRAM), module, module.exports);
}
