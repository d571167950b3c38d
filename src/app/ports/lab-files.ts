/** Lab files on the disk. */
export interface LabFiles {
  exists(file: string): Promise<boolean>;
  /** Throws the error of `write` when the file's folder takes no file. */
  checkFolder(file: string): Promise<void>;
  /** Writes the whole file or nothing. Throws MhlabError when it cannot. */
  write(file: string, text: string): Promise<void>;
}
