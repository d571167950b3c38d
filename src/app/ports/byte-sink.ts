/** Where a capture is written. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
  close(): void;
}
