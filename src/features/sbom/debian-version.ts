/** Versions of Debian packages in their order (deb-version(7)). */

interface Version {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

/** Below zero when one is older than the other, above when it is newer, 0 when they are the same. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision);
}

function partsOf(version: string): Version {
  const [, epoch = "0", rest = ""] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? [];
  const dash = rest.lastIndexOf("-");
  return dash === -1
    ? { epoch: Number(epoch), upstream: rest, revision: "" }
    : { epoch: Number(epoch), upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Text and numbers take turns. A tilde is older than the end, letters are older than other characters. */
function compareParts(one: string, other: string): number {
  let [a, b] = [one, other];
  while (a !== "" || b !== "") {
    const [textA, textB] = [leading(/^\D*/, a), leading(/^\D*/, b)];
    for (let at = 0; at < Math.max(textA.length, textB.length); at++) {
      const difference = weight(textA[at]) - weight(textB[at]);
      if (difference !== 0) return difference;
    }
    [a, b] = [a.slice(textA.length), b.slice(textB.length)];
    const [numberA, numberB] = [leading(/^\d*/, a), leading(/^\d*/, b)];
    // Snapshots have dates in them, which as numbers are too large to be exact.
    const difference = BigInt(numberA) - BigInt(numberB);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
    [a, b] = [a.slice(numberA.length), b.slice(numberB.length)];
  }
  return 0;
}

function leading(pattern: RegExp, text: string): string {
  return pattern.exec(text)?.[0] ?? "";
}

function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === "~") return -1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
