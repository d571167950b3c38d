/** Where an exported lab is put. */
export interface ExportFolder {
  /** Names in a folder; none when there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** Writes a file with exactly this mode; makes its folders, and a folder of secrets private. */
  write(path: string, file: { readonly mode: number; readonly text: string }): Promise<void>;
  /** Copies a folder with all that is in it. */
  copy(from: string, to: string): Promise<void>;
}
