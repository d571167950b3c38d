import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pickAptSources, type AptSourceFile } from "./texts/apt-sources.ts";
import { makeRootWithNode, type Root } from "./debian-root.ts";
import { NODE_VERSION } from "./node-program.ts";
import { findProgram, requirePrograms } from "./programs.ts";

export interface BootstrapOptions {
  release: string;
  /** Debian's name of the architecture; only the machine's own can be bootstrapped. */
  architecture: string;
  /** Make it anew, however fresh the one in the cache is. */
  renew?: boolean;
  env?: NodeJS.ProcessEnv;
  onProgress?: ((step: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Security updates come in by the image builds; after a month a new base saves more than it costs. */
const MAX_AGE_MS = 30 * 86_400_000;
/**
 * What Debian's own slim images leave out, for every package that is installed later as well. Told to mmdebstrap itself, it would
 * send each package through a Python program, eight seconds in all; so what is there already is removed by a hook.
 */
const LEFT_OUT = ["man", "info", "locale", "lintian"].map((name) => `/usr/share/${name}`);
const SLIM_RULES = [
  "path-exclude=/usr/share/doc/*",
  "path-include=/usr/share/doc/*/copyright",
  ...LEFT_OUT.map((folder) => `path-exclude=${folder}/*`),
];
const SLIM = [
  'cd "$1"',
  `printf "%s\\n" ${SLIM_RULES.map((rule) => `"${rule}"`).join(" ")} > etc/dpkg/dpkg.cfg.d/slim`,
  "find usr/share/doc ! -type d ! -name copyright -delete",
  `find ${LEFT_OUT.map((folder) => folder.slice(1)).join(" ")} -mindepth 1 -delete`,
].join(" && ");
/** As in Debian's own images: what a power cut spoils there is made anew, and descriptions in English suffice. */
const FAST = ["--dpkgopt=force-unsafe-io", '--aptopt=Acquire::Languages "none"'];
/** Mirrors that keep an old state need these of the machine's settings, the image too. */
const APT_SETTINGS = ["Acquire::Check-Valid-Until", "Acquire::Check-Date"];

/**
 * A Debian root file system with Node as a tar file, from the machine's own package sources and npm; made once and kept in the cache.
 * Throws HostError MHLAB_BASE_IMAGE when it cannot be made.
 */
export async function bootstrapDebian(options: BootstrapOptions): Promise<string> {
  const { release, architecture, renew = false, env = process.env, onProgress, signal } = options;
  const sources = pickAptSources(machineSources(), release);
  const settings = await aptSettings();
  // Certificates take apt's way to a mirror with TLS only, and 2.5 seconds.
  const include = /\bhttps:/.test(sources) ? ["--include=ca-certificates"] : [];
  const recipe = [release, architecture, sources, ...settings, SLIM, ...FAST, NODE_VERSION].join("\n");
  const folder = cacheFolder(env);
  const digest = createHash("sha256").update(recipe).digest("hex").slice(0, 12);
  const file = join(folder, `debian-${release}-${architecture}-${digest}.tar`);
  if (!renew && isFresh(file)) {
    onProgress?.(`using the bootstrapped ${file}`);
    return file;
  }
  requirePrograms(["mmdebstrap"], "bootstrapping a Debian base image");
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, ".bootstrap-"));
  try {
    const mirror = join(work, "debian.sources");
    if (sources !== "") writeFileSync(mirror, sources);
    const words = [
      "--variant=minbase",
      "--format=tar",
      `--architectures=${architecture}`,
      `--extract-hook=${SLIM}`,
    ];
    const root: Root = {
      file: join(work, "base.tar"),
      release,
      words: [...words, ...include, ...FAST, ...settings],
      mirrors: sources === "" ? [] : [mirror],
    };
    await makeRootWithNode(root, architecture, work, { onProgress, signal });
    renameSync(root.file, file);
    return file;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Folder of what can be made again but takes a while: MHLAB_CACHE_DIR, root's /var/cache/mhlab, or the user's own. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const chosen = env["MHLAB_CACHE_DIR"];
  if (chosen !== undefined && chosen !== "") return chosen;
  if (process.geteuid?.() === 0) return "/var/cache/mhlab";
  const userCache = env["XDG_CACHE_HOME"];
  return join(userCache?.startsWith("/") === true ? userCache : join(homedir(), ".cache"), "mhlab");
}

async function aptSettings(): Promise<string[]> {
  if (findProgram("apt-config") === undefined) return [];
  const { execa } = await import("execa");
  const { stdout } = await execa("apt-config", ["dump", ...APT_SETTINGS], { reject: false, timeout: 10_000 });
  const lines = stdout.split("\n").filter((line) => / "(false|no|0)";$/i.test(line));
  return lines.map((line) => `--aptopt=${line.replace(/;$/, "")}`);
}

function machineSources(): AptSourceFile[] {
  const folder = "/etc/apt/sources.list.d";
  const names = ["/etc/apt/sources.list", ...listOr(folder).map((name) => join(folder, name))];
  return names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => ({ name, text: readOr(name) }));
}

function listOr(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function isFresh(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < MAX_AGE_MS;
}
