/** Reads captures as Wireshark does. */
export interface PacketReader {
  /** The version of the program. Throws HostError MHLAB_MISSING_PROGRAM when it is not there. */
  version(signal: AbortSignal): Promise<string>;
  /**
   * One row per packet of a capture, in its order: for each column the text of a field, or of a display filter, which is empty
   * where the packet does not match. Throws OperationError MHLAB_CHECK_PACKETS with what the program says.
   */
  rows(
    file: string,
    columns: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (readonly string[])[]>;
}
