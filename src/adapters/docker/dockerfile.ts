/** A stage of a Dockerfile, with what it stands upon and copies from. */
export interface Stage {
  /** Undefined for the last one, which is the image. */
  readonly name: string | undefined;
  /** Its instructions, from FROM on. */
  readonly text: string;
  /** Other stages of the same file, directly needed: first those that it copies from, which take longest. */
  readonly needs: readonly string[];
}

/** The stages of a Dockerfile in their order; each but the last has a name (`FROM … AS name`). */
export function readStages(dockerfile: string): Stage[] {
  const texts = dockerfile.replaceAll(/^#.*\n/gm, "").split(/^(?=FROM )/m);
  const stages = texts.map((text) => text.trim()).filter((text) => text !== "");
  const names = stages.map((text) => /^FROM \S+ AS (\S+)$/m.exec(text)?.[1]);
  return stages.map((text, index) => {
    const copied = [...text.matchAll(/^COPY --from=(\S+)/gm)].map(([, name = ""]) => name);
    const named = [...copied, /^FROM (\S+)/.exec(text)?.[1] ?? ""];
    return { name: names[index], text, needs: [...new Set(named)].filter((name) => names.includes(name)) };
  });
}

/** A Dockerfile that makes one stage: it, after all that it needs, and nothing else. The classic builder makes whatever stands above. */
export function dockerfileOf(stage: Stage, all: readonly Stage[]): string {
  const wanted = new Set([stage]);
  for (const { needs } of wanted)
    for (const below of all) if (needs.includes(below.name ?? "")) wanted.add(below);
  const inOrder = all.filter((one) => wanted.has(one));
  return `${inOrder.map(({ text }) => text).join("\n\n")}\n`;
}
