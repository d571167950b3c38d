/** What `npm run build` puts in place of this name. From the sources nothing is known: they may be any. */
declare const MHLAB_COMMIT: string | null | undefined;

/** The commit that this mhlab was built from, with `-dirty` when files differed from it; null when the build could not tell. */
export const COMMIT: string | null = typeof MHLAB_COMMIT === "string" ? MHLAB_COMMIT : null;
