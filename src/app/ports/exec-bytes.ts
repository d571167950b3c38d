export interface ByteStream {
  /** When it fires, the command's standard input ends, and with it the command. */
  readonly signal: AbortSignal;
  onOutput(piece: Uint8Array): void;
  onErrorOutput(piece: Uint8Array): void;
  /** Called once the command runs; what is sent comes to its standard input. */
  onOpen?(send: (bytes: string | Uint8Array) => void): void;
}

/** Runs a command in a container with its standard input held open; the exit code. */
export type ExecBytes = (container: string, argv: readonly string[], stream: ByteStream) => Promise<number>;
