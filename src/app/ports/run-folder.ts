/** A file of a run that is written as things happen. */
export interface GrowingFile {
  /** Never throws: a failure is told once, to who opened the folder. */
  write(bytes: string | Uint8Array): void;
  /** `whole: false`: it broke off, and keeps the name of one that is not whole. */
  close(options?: { readonly whole: boolean }): void;
}

export interface WriteOptions {
  readonly gzip?: boolean;
  /** Soon written anew: nobody waits until it is on the disk. */
  readonly passing?: boolean;
}

/** The folder of one run. Names are relative to it, and lead nowhere else. */
export interface RunFolder {
  readonly path: string;
  /** Writes a whole file or nothing, in place of one of that name. Throws OperationError MHLAB_RUN_FOLDER. */
  write(name: string, content: string | Uint8Array, options?: WriteOptions): void;
  /** Paths of all files in it, sorted. */
  list(): string[];
  /** Removes a file; one that is not there, or stays, does no harm. */
  remove(name: string): void;
  /** Opens a file that grows. It is called `<name>.part` until it is closed, unless each line of it is whole by itself. */
  grow(name: string, options?: { readonly lines?: boolean }): GrowingFile;
  /** Removes the folder when nothing was written to it. */
  discard(): void;
  /** Writes SHA256SUMS over all files: a folder without one is not complete. */
  seal(): Promise<void>;
}

/** Folders of runs on this machine. */
export interface RunFolders {
  /** Makes a folder; `onFailure` hears of a growing file that cannot grow. Throws UsageError when something is in it, OperationError when it cannot be made. */
  make(path: string, onFailure: (error: Error) => void): Promise<RunFolder>;
  /** A path beside others that is not taken yet. */
  free(path: string): Promise<string>;
  /** Reads files of a folder, by name; undefined for what is not there. Throws MhlabError MHLAB_RUN_UNREADABLE for links and what is no file. */
  read(path: string): (name: string) => string | undefined;
  /** Reads a file of a folder as bytes. Throws MhlabError MHLAB_RUN_UNREADABLE, also for links. */
  bytes(path: string, name: string): Uint8Array;
  /** The same piece by piece, whatever its size; undefined when there is no such file. */
  stream(path: string, name: string): AsyncIterable<Uint8Array> | undefined;
}
