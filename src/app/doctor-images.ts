import { MhlabError, reasonOf } from "../core/model/errors.ts";
import { warn, type Finding } from "../core/model/host/finding.ts";
import { readTracker, TRACKER_URL, vulnerabilityFindings } from "../features/sbom/tracker.ts";
import { imageContents } from "./image-content.ts";
import type { Engine } from "./ports/engine.ts";

export interface ImagesQuestion {
  /** This mhlab's own images; those that are not built are left out. */
  readonly references: readonly string[];
  /** Gives the data of Debian's security tracker. */
  readonly tracker: () => Promise<string>;
  readonly signal: AbortSignal;
}

/** Known vulnerabilities of the images that are built. Data that cannot be had are a finding, never a failure. */
export async function examineImages(
  engine: Engine,
  { references, tracker, signal }: ImagesQuestion,
): Promise<Finding[]> {
  let data: ReturnType<typeof readTracker>;
  try {
    data = readTracker(await tracker());
  } catch (error) {
    if (signal.aborted || error instanceof MhlabError) throw error;
    return [unknown(`cannot be read: ${reasonOf(error)}`)];
  }
  if (data === undefined) return [unknown("are in no form that mhlab knows")];
  const there = await Promise.all(references.map((one) => engine.reader.hasImage(one, signal)));
  const built = references.filter((_, index) => there[index] === true);
  if (built.length === 0) return [warn("vulnerabilities", "no image is built", "mhlab image build")];
  return vulnerabilityFindings(await imageContents(built, engine, signal), data);
}

function unknown(why: string): Finding {
  return warn(
    "vulnerabilities",
    `the data of Debian's security tracker ${why}; so nothing is known of the images`,
    `fetch ${TRACKER_URL} where it can be reached, and name the file with --tracker`,
  );
}
