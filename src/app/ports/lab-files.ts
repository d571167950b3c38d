/** Lab files on the disk. */
export interface LabFiles {
  exists(file: string): Promise<boolean>;
  /** Writes the whole file or nothing. Throws MhlabError when it cannot. */
  write(file: string, text: string): Promise<void>;
}
