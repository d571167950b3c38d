/** What one container may take of its machine. */
export interface Limits {
  /** Processes and threads. */
  readonly pids: number;
  readonly memoryMb: number;
}
