/** A strict reader of Prometheus' text format 0.0.4, written from its description. */

interface Exposed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;

/** Every sample of a text. Throws for all that the format, or promtool, does not take. */
export function readExposition(text: string): Exposed[] {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line has no end");
  const samples: Exposed[] = [];
  const closed = new Set<string>();
  let family: { name: string; typed: boolean } | undefined;
  for (const line of text.split("\n").slice(0, -1)) {
    const [, keyword, name = "", rest = ""] =
      /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      if (closed.has(name)) throw new Error(`${name} is told in two blocks`);
      closed.add(name);
      family = { name, typed: false };
    } else if (keyword === "TYPE") {
      if (family?.name !== name || family.typed) throw new Error(`TYPE of ${name} stands alone or twice`);
      if (!["gauge", "counter"].includes(rest)) throw new Error(`type ${rest}`);
      family.typed = true;
    } else samples.push(readSample(line, family));
  }
  return samples;
}

function readSample(line: string, family: { name: string; typed: boolean } | undefined): Exposed {
  const [, name = "", inside = "", number = ""] =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{(.*)\} (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line) ?? [];
  if (name === "" || family?.name !== name || !family.typed)
    throw new Error(`not a sample of its family: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = inside; rest !== "";) {
    const [whole = "", label = "", value = ""] = LABEL.exec(rest) ?? [];
    if (whole === "" || label in labels) throw new Error(`labels: ${line}`);
    labels[label] = value.replaceAll(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: Number(number) };
}
