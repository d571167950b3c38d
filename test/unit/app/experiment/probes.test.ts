import { expect, test } from "vitest";
import type { SeenNode } from "../../../../src/app/agents/node.ts";
import { startProbes, type AbsoluteSample } from "../../../../src/app/experiment/probes.ts";
import type { ByteStream } from "../../../../src/app/ports/exec-bytes.ts";

const SOURCE = "2001:db8:a:8001::5";

interface FakeNode {
  readonly node: SeenNode;
  readonly asked: string[];
  say(line: string): void;
}

/** A node whose agent begins to tell at once, and `last` when its asker has enough. */
function fakeNode(name: string, role: string, { last = "", runs = true } = {}): FakeNode {
  const asked: string[] = [];
  let stream: ByteStream | undefined;
  const say = (line: string): void => stream?.onOutput(new TextEncoder().encode(`${line}\n`));
  const node = {
    name,
    role,
    runs,
    async execBytes(argv: readonly string[], given: ByteStream): Promise<number> {
      asked.push(argv.slice(1).join(" "));
      stream = given;
      say(`{"event":"began","session":5}`);
      await new Promise<void>((resolve) =>
        given.signal.addEventListener("abort", () => resolve(), { once: true }),
      );
      if (last !== "") say(last);
      return 0;
    },
  };
  return { node: node as unknown as SeenNode, asked, say };
}

const plan = { everyMs: 100, targets: ["2001:DB8::1", "2001:db8:0::2"], from: null };

test("hosts and CPEs probe; only the bundled internet reflects, and what it told at last counts", async () => {
  const internet = fakeNode("internet", "internet", {
    last: `["arrived","${SOURCE}",5,0,"20","wg-alpha"]`,
  });
  const host = fakeNode("host", "host", {
    last: `["no-answer","${SOURCE}","2001:db8::1",0,"10",3,null]`,
  });
  const cpe = fakeNode("home", "cpe");
  const others = [fakeNode("alpha", "bng"), fakeNode("off", "host", { runs: false })];
  const heard: AbsoluteSample[] = [];
  const probing = await startProbes({
    nodes: [host, cpe, ...others].map(({ node }) => node),
    internet: internet.node,
    plan,
    flows: [],
    onSample: (sample) => heard.push(sample),
  });
  expect([host, cpe, internet, ...others].map(({ asked }) => asked)).toEqual([
    ["probe every=100 stamp=2001:db8::1 icmp=2001:db8::2"],
    ["probe every=100 stamp=2001:db8::1 icmp=2001:db8::2"],
    ["arrivals"],
    [],
    [],
  ]);
  cpe.say(`["answered","${SOURCE}","2001:db8::2",0,"5",2,"6"]`);
  const { probes } = await probing.stop();
  expect(probes).toMatchObject([
    { node: "home", target: "2001:db8:0::2", outcome: "answered", arrivedBy: null },
    {
      node: "host",
      target: "2001:DB8::1",
      outcome: "no-answer",
      waitedNs: 3,
      arrivedBy: "alpha",
      arrivedNs: 20n,
    },
  ]);
  expect(heard).toHaveLength(2);
});

test("without a bundled internet all are echoes, of those that the plan names", async () => {
  const [one, other] = [fakeNode("one", "host"), fakeNode("other", "host")];
  const nodes = [one.node, other.node];
  const probing = await startProbes({
    nodes,
    internet: null,
    plan: { ...plan, from: ["other"] },
    flows: [],
  });
  await probing.stop();
  expect([one.asked, other.asked]).toEqual([[], ["probe every=100 icmp=2001:db8::1 icmp=2001:db8::2"]]);
});

test("a flow that cannot begin is a sample, and the others go on", async () => {
  const host = fakeNode("host", "host", { last: `["closed","9",null,null]` });
  const flow = { kind: "tcp", target: "2001:db8::1", source: SOURCE, everyMs: 100 } as const;
  const probing = await startProbes({
    nodes: [host.node],
    internet: null,
    plan: { ...plan, targets: [] },
    flows: [
      { id: "a", from: "nobody", ...flow },
      { id: "b", from: "host", ...flow },
    ],
  });
  expect(host.asked).toEqual([`flow tcp every=100 target=2001:db8::1 source=${SOURCE}`]);
  expect((await probing.stop()).flows).toMatchObject([
    { flow: "a", event: "refused", detail: "there is no nobody" },
    { flow: "b", event: "closed", atNs: 9n },
  ]);
});
