/** Takes Docker's multiplexed stream apart: 8 bytes of header (stream, 0 0 0, length) before each piece. */
export function demultiplex(
  onPiece: (stream: "stdout" | "stderr", piece: Buffer) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt32BE(4);
      if (rest.length < end) return;
      onPiece(rest[0] === 2 ? "stderr" : "stdout", rest.subarray(8, end));
      rest = rest.subarray(end);
    }
  };
}

/** Cuts pieces into lines; `flush` hands over what is left without a line end. */
export function lineCutter(onLine: (line: string) => void): { push(piece: Buffer): void; flush(): void } {
  const decoder = new TextDecoder();
  let rest = "";
  return {
    push(piece) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    },
    flush() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
