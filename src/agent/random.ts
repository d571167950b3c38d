import { closeSync, openSync, readSync } from "node:fs";

/** Random bytes as hexadecimal digits. By the kernel: Node's own crypto takes 6 ms to load, of each agent that starts. */
export function randomHex(bytes: number): string {
  const file = openSync("/dev/urandom", "r");
  try {
    const read = Buffer.alloc(bytes);
    readSync(file, read);
    return read.toString("hex");
  } finally {
    closeSync(file);
  }
}
