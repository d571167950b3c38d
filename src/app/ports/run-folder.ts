/** Folders of runs on this machine. */
export interface RunFolders {
  /** Reads files of a folder, by name; undefined for what is not there. */
  read(path: string): (name: string) => string | undefined;
}
