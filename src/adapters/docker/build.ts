import type Dockerode from "dockerode";
import type { BuildProgress, ImageToBuild } from "../../app/ports/engine-writer.ts";
import { OperationError } from "../../core/model/errors.ts";
import { Label } from "../../core/model/names.ts";
import { packContext } from "./context.ts";
import { lineCutter } from "./frames.ts";

interface BuildEvent {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

const EVIDENCE_LINES = 20;

/** What of an image's folder is made. */
export interface Recipe {
  /** Takes the place of the one in the folder. */
  readonly dockerfile: string;
  /** Without the engine's cache. */
  readonly fresh: boolean;
  /** What it makes is the image and gets its name; else it is a stage, and only the engine's cache has it. */
  readonly isImage: boolean;
}

/**
 * Builds one image, or only a stage of it, with the classic builder. A failed build ends like a good one, so every event is read
 * for its error.
 */
export async function buildImage(
  docker: Dockerode,
  image: ImageToBuild,
  progress: Pick<BuildProgress, "signal" | "onLine">,
  { dockerfile, fresh, isImage }: Recipe,
): Promise<void> {
  const context = await packContext(image, dockerfile);
  const output = await docker.buildImage(context as unknown as NodeJS.ReadableStream, {
    ...(isImage ? { t: image.reference, labels: { [Label.contextHash]: image.contextHash } } : {}),
    nocache: fresh,
    networkmode: "host",
    rm: true,
    forcerm: true,
    abortSignal: progress.signal,
  });
  const failure = new BuildReader((line) => progress.onLine(line));
  const cutter = lineCutter((line) => failure.read(line));
  for await (const chunk of output) cutter.push(chunk as Buffer);
  cutter.flush();
  const error = failure.error(image);
  if (error !== undefined) throw error;
}

/** Follows the JSON lines of a build: steps, their output, and whether one failed. */
export class BuildReader {
  private readonly onStep: (line: string) => void;
  private readonly last: string[] = [];
  private step = "";
  private failed: string | undefined;
  private finished = false;
  private readonly text = lineCutter((line) => this.line(line));

  constructor(onStep: (line: string) => void) {
    this.onStep = onStep;
  }

  /** Takes one line of the engine's answer. */
  read(line: string): void {
    let event: BuildEvent;
    try {
      event = JSON.parse(line) as BuildEvent;
    } catch {
      this.line(line);
      return;
    }
    if (event.stream !== undefined) this.text.push(Buffer.from(event.stream));
    const failed = event.errorDetail?.message ?? event.error;
    if (failed !== undefined) this.failed = failed;
  }

  /** What went wrong, or undefined when the image was built. */
  error(image: Pick<ImageToBuild, "role" | "reference">): OperationError | undefined {
    this.text.flush();
    if (this.failed === undefined && this.finished) return undefined;
    const reason = this.failed ?? "the engine ended the build without a result";
    return new OperationError("MHLAB_BUILD", `building the image ${image.reference} failed`, {
      evidence: [...(this.step === "" ? [] : [this.step]), ...this.last.slice(-EVIDENCE_LINES), reason],
      hint: `see it alone with: mhlab image build ${image.role}`,
    });
  }

  private line(line: string): void {
    if (line.trim() === "") return;
    if (line.startsWith("Successfully built")) this.finished = true;
    if (/^Step \d+\/\d+/.test(line)) {
      this.step = line;
      this.last.length = 0;
      this.onStep(line);
    } else this.last.push(line);
  }
}
