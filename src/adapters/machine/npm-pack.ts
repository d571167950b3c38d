/** What came of `npm pack`. */
export interface Packed {
  readonly failed: boolean;
  readonly isCanceled: boolean;
  readonly timedOut: boolean;
  /** ENOENT: there is no such program. */
  readonly code?: string | undefined;
  readonly stderr: string;
  readonly shortMessage?: string | undefined;
}

/** Packs what `words` name, or the package in `cwd`, into a folder, without running its scripts. Never throws. */
export async function npmPack(
  npm: string,
  words: readonly string[],
  {
    cwd,
    folder,
    limitMs,
    signal,
  }: { cwd: string; folder: string; limitMs: number; signal: AbortSignal | undefined },
): Promise<Packed> {
  const { execa } = await import("execa");
  return await execa(npm, ["pack", ...words, "--ignore-scripts", "--pack-destination", folder], {
    cwd,
    stdin: "ignore",
    reject: false,
    timeout: limitMs,
    forceKillAfterDelay: 5000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
}
