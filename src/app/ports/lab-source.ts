import type { Diagnostic } from "../../core/model/diagnostics.ts";
import type { Lab } from "../../core/model/lab/model.ts";

export interface LabSource {
  /** Reads a file that the user named; rejects with a Node error, or with what it is instead of a file. */
  read(file: string): Promise<string>;
  exists(file: string): Promise<boolean>;
  /** The absolute path of a file, the same from every working directory. */
  place(file: string): Promise<string>;
  /** A lab file that came with this mhlab. */
  readonly example: string;
  parse(
    text: string,
    where: { file: string },
  ):
    | { lab: Lab; warnings: readonly Diagnostic[]; lookedUp: readonly string[] }
    | { diagnostics: readonly Diagnostic[] };
}
