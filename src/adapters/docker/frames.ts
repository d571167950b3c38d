const HEADER = 8;
const STREAMS = { 0: "stdout", 1: "stdout", 2: "stderr", 3: "stderr" } as const;

/**
 * Takes Docker's multiplexed stream apart: 8 bytes of header (stream, 0 0 0, length) before each piece. A piece is handed over as
 * it comes, however long its header says it is. Throws on what is no such stream.
 */
export function demultiplex(
  onPiece: (stream: "stdout" | "stderr", piece: Buffer) => void,
): (chunk: Buffer) => void {
  let header: Buffer = Buffer.alloc(0);
  let stream: "stdout" | "stderr" = "stdout";
  let left = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const piece = chunk.subarray(at, at + left);
        at += piece.length;
        left -= piece.length;
        onPiece(stream, piece);
        continue;
      }
      const more = chunk.subarray(at, at + HEADER - header.length);
      at += more.length;
      header = Buffer.concat([header, more]);
      if (header.length < HEADER) return;
      stream = streamOf(header);
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  };
}

function streamOf(header: Buffer): "stdout" | "stderr" {
  const found = STREAMS[header[0] as keyof typeof STREAMS] as "stdout" | "stderr" | undefined;
  if (found === undefined || header.readUIntBE(1, 3) !== 0)
    throw new Error("this is not Docker's stream of output");
  return found;
}

/** Longer than the longest line of an agent, which is its status with all leases. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** Cuts pieces into lines; `flush` hands over what is left without a line end. Throws on a line that does not end. */
export function lineCutter(
  onLine: (line: string) => void,
  longest = LONGEST_LINE,
): { push(piece: Buffer): void; flush(): void } {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let length = 0;
  const take = (): string => {
    const line = rest.join("");
    rest = [];
    length = 0;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  };
  return {
    push(piece) {
      const [first = "", ...more] = decoder.decode(piece, { stream: true }).split("\n");
      rest.push(first);
      length += first.length;
      for (const next of more) {
        onLine(take());
        rest.push(next);
        length = next.length;
      }
      if (length > longest) throw new Error(`a line is longer than ${longest} characters`);
    },
    flush() {
      const line = take();
      if (line !== "") onLine(line);
    },
  };
}
