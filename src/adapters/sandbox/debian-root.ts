import { chmodSync } from "node:fs";
import { join } from "node:path";
import { Cancelled, HostError } from "../../core/model/errors.ts";
import { BASE_IMAGE } from "../../core/model/names.ts";
import { isRoot, selfCommand, sudoWords } from "./elevate.ts";
import { fetchNode, type NodeOptions } from "./node-program.ts";
import { findProgram } from "./programs.ts";

const LIMIT_MS = 600_000;
/** mmdebstrap ends what it is at, and then removes its root; who kills it before leaves that in /tmp. */
const CLEARING_MS = 60_000;
const EVIDENCE_LINES = 15;
/** Clamps all times in the archive, so that equal packages give an equal archive. */
const SOURCE_DATE_EPOCH = "1735689600";

/** A root file system as mmdebstrap is told to make it. */
export interface Root {
  /** The tar file that it becomes. */
  readonly file: string;
  readonly release: string;
  /** mmdebstrap's options. */
  readonly words: readonly string[];
  /** Files that name where packages come from; without one mmdebstrap knows. */
  readonly mirrors: readonly string[];
}

/**
 * Makes a root with Node in it: npm brings that into the folder while mmdebstrap makes the root. Where npm cannot, the root is made
 * anew, with Debian's own. Throws HostError MHLAB_BASE_IMAGE, Cancelled.
 */
export async function makeRootWithNode(
  root: Root,
  architecture: string,
  folder: string,
  options: NodeOptions,
): Promise<void> {
  const { signal } = options;
  const meanwhile = new AbortController();
  const either = AbortSignal.any([meanwhile.signal, ...(signal === undefined ? [] : [signal])]);
  const fetching = fetchNode(architecture, folder, { ...options, signal: either });
  options.onProgress?.(`bootstrapping Debian ${root.release} with mmdebstrap, about 10 s`);
  const making = runMmdebstrap(root, either);
  try {
    const node = await Promise.race([fetching, making.then(() => fetching)]);
    if (node !== undefined) {
      await making;
      await addNode(root, node, signal);
      return;
    }
  } finally {
    meanwhile.abort();
    await Promise.allSettled([making, fetching]);
  }
  await runMmdebstrap({ ...root, words: ["--include=nodejs", ...root.words] }, signal);
}

/** Puts the program where Docker's own images of Node have it. */
async function addNode({ file }: Root, node: string, signal: AbortSignal | undefined): Promise<void> {
  const places = { node: "./usr/local/bin/node", LICENSE: "./usr/local/LICENSE" };
  const moved = Object.entries(places).map(([name, place]) => `--transform=s,^${name}$,${place},`);
  const owner = ["--owner=root:0", "--group=root:0", "--mode=u=rwX,go=rX", `--mtime=@${SOURCE_DATE_EPOCH}`];
  const words = ["--append", `--file=${file}`, `--directory=${node}`, ...owner, ...moved];
  chmodSync(join(node, "node"), 0o755);
  await makeOrSay(["tar", ...words, ...Object.keys(places)], signal);
}

async function runMmdebstrap(
  { file, release, words, mirrors }: Root,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Without root mmdebstrap can use subordinate ids, where the machine has the programs for it.
  const canUnshare = findProgram("newuidmap") !== undefined;
  const sudo = isRoot() || canUnshare ? [] : [...sudoWords(`${selfCommand()} image build`), "--"];
  const environment = [`SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}`, "LC_ALL=C.UTF-8"];
  // By standard output, so that the file is this user's also where the program is root's.
  const toFile = ["sh", "-c", 'exec "$@" > "$0"', file];
  const mmdebstrap = ["mmdebstrap", ...words, release, "-", ...mirrors];
  await makeOrSay([...toFile, ...sudo, "env", ...environment, ...mmdebstrap], signal);
}

/** Runs a part of the making; what it says is the evidence when it fails. */
async function makeOrSay([program = "", ...words]: string[], signal: AbortSignal | undefined): Promise<void> {
  const { execa } = await import("execa");
  const result = await execa(program, words, {
    stdin: "inherit",
    all: true,
    reject: false,
    timeout: LIMIT_MS,
    forceKillAfterDelay: CLEARING_MS,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (result.isCanceled) throw new Cancelled({ state: "No base image was made." });
  if (!result.failed) return;
  const why = result.timedOut ? `took longer than ${LIMIT_MS / 60_000} minutes` : "failed";
  throw new HostError("MHLAB_BASE_IMAGE", `bootstrapping a Debian base image ${why}`, {
    evidence: result.all.split("\n").slice(-EVIDENCE_LINES),
    hint: `check that \`apt-get update\` works here; or bring the image yourself: docker save ${BASE_IMAGE} elsewhere, docker load here`,
    state: "Nothing was changed.",
  });
}
