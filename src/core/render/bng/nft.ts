/** What `nft -j` prints: one document for each command, a line each. Throws SyntaxError. */
export function nftObjects<T>(printed: string): T[] {
  return printed
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => (JSON.parse(line) as { nftables?: T[] }).nftables ?? []);
}
