/** The picture of a lab: of its file and of what runs, in every format, laid out without a fault whatever the lab is. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GRAPH_FORMATS, graphJson, RENDERERS } from "../../../../src/features/graph/formats.ts";
import { layOut } from "../../../../src/features/graph/layout.ts";
import { link, nodeId, NODE_KINDS, type LabGraph } from "../../../../src/features/graph/model.ts";
import { graphOfLab } from "../../../../src/features/graph/of-lab.ts";
import { graphOfStatus } from "../../../../src/features/graph/of-status.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import type { LabStatus } from "../../../../src/core/model/status/model.ts";
import { lab, SHARED_LAN, TWO_ISPS } from "../../support/planned-lab.ts";
import { golden } from "../../core/model/lab/golden.ts";

const silence = { state: "running", problem: { code: "x", message: "x" } } as const;

/** A lab as its agents tell it: alpha is fine, beta's tunnel is stale and its WAN has no prefix. */
function running(): LabStatus {
  const bng = (name: string, state: "up" | "stale") => {
    const blank = NODES.bng.silent({ ...silence, name });
    return {
      ...blank,
      ready: true,
      prefix: `2001:db8:${name[0]}::/48`,
      uplink: { ...blank.uplink, state, rttMs: state === "up" ? 0.421 : null },
      subscriber: { ...blank.subscriber, kind: "cpe" as const, place: "home", present: true, carrier: true },
    };
  };
  const blank = NODES.cpe.silent({ ...silence, name: "home" });
  const wan = (provider: string, delegatedPrefix: string | null) => ({
    provider,
    interface: "wan",
    present: true,
    carrier: true,
    defaultRouter: null,
    addresses: [],
    delegatedPrefix,
    formerPrefixes: [],
    validS: null,
    preferredS: null,
    validUntil: null,
    preferredUntil: null,
    reach: delegatedPrefix === null ? ("no-answer" as const) : ("yes" as const),
    rttMs: null,
    lossPct: null,
  });
  return {
    lab: "two-isps",
    healthy: false,
    providers: [bng("alpha", "up"), bng("beta", "stale")],
    cpes: [
      {
        ...blank,
        ready: true,
        wans: [wan("alpha", "2001:db8:a:8000::/56"), wan("beta", null)],
        hosts: [{ ...NODES.host.silent({ ...silence, name: "home-host1" }), ready: true }],
      },
    ],
    hosts: [],
    internet: { ...NODES.internet.silent({ ...silence, name: "internet" }), ready: true },
  };
}

test.each(GRAPH_FORMATS.filter((format) => format !== "json"))("a file as %s (UPDATE_GOLDEN=1)", (format) => {
  const made = RENDERERS[format](graphOfLab(lab(TWO_ISPS)));
  expect(made).toBe(golden(`test/golden/graph/two-isps.${format}`, made));
});

test("what runs has the same parts as its file, with the state of each", () => {
  const [file, live] = [graphOfLab(lab(TWO_ISPS)), graphOfStatus(running())];
  const ids = ({ nodes, links }: LabGraph): string[] => [...nodes, ...links].map(({ id }) => id).sort();
  expect(ids(live)).toEqual(ids(file));
  const states = Object.fromEntries([...live.nodes, ...live.links].map(({ id, state }) => [id, state]));
  expect(states).toMatchObject({
    "internet:internet>bng:alpha@alpha": "up",
    "internet:internet>bng:beta@beta": "down",
    "bng:alpha>cpe:home@alpha": "up",
    "bng:beta>cpe:home@beta": "waiting",
    "cpe:home": "up",
  });
  expect(live.links.find(({ id }) => id === "internet:internet>bng:alpha@alpha")?.label).toBe("0.42 ms");
});

test("providers that share a LAN meet in one segment, and its hosts are behind it", () => {
  const { nodes, links } = graphOfLab(lab(SHARED_LAN));
  expect(nodes.filter(({ kind }) => kind === "segment").map(({ name }) => name)).toEqual(["mh-street"]);
  expect(links.filter(({ kind }) => kind === "lan").map(({ id }) => id)).toEqual([
    "segment:mh-street>host:pc",
  ]);
});

test("the internet comes first and hosts last, and no box lies on another, in both directions", () => {
  const name = fc.nat({ max: 8 }).map((number) => `n${number}`);
  const id = fc.tuple(fc.constantFrom(...NODE_KINDS), name).map(([kind, of]) => ({ kind, name: of }));
  const graphs = fc.record({
    nodes: fc.uniqueArray(id, { selector: ({ kind, name: of }) => nodeId(kind, of), maxLength: 30 }),
    ends: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 })), { maxLength: 40 }),
    direction: fc.constantFrom("right" as const, "down" as const),
  });
  fc.assert(
    fc.property(graphs, ({ nodes, ends, direction }) => {
      const all = nodes.map((node) => ({
        ...node,
        id: nodeId(node.kind, node.name),
        detail: "",
        state: "up" as const,
      }));
      const links = ends.flatMap(([one, other]) => {
        const [from, to] = [all[one], all[other]];
        const rest = { kind: "lan", label: "", state: "up" } as const;
        return from === undefined || to === undefined ? [] : [link([from.id, to.id], rest)];
      });
      const {
        nodes: placed,
        width,
        height,
        links: drawn,
      } = layOut({ lab: "x", nodes: all, links }, direction);
      expect([placed.length, drawn.length]).toEqual([all.length, links.length]);
      for (const [index, one] of placed.entries()) {
        expect(one.x - one.width / 2).toBeGreaterThanOrEqual(0);
        expect(one.x + one.width / 2).toBeLessThanOrEqual(width);
        expect(one.y + one.height / 2).toBeLessThanOrEqual(height);
        for (const other of placed.slice(index + 1)) {
          const apart =
            Math.abs(one.x - other.x) >= one.width - 0.01 || Math.abs(one.y - other.y) >= one.height - 0.01;
          expect(apart, `${one.id} on ${other.id}`).toBe(true);
        }
      }
    }),
  );
});

test("a text of others is no markup in any format", () => {
  const evil = `</text><script>alert(1)</script>" ]] \\ \n &`;
  const node = { id: "host:x", kind: "host", name: evil, detail: evil, state: "up" } as const;
  const graph: LabGraph = { lab: evil, nodes: [node], links: [] };
  expect(RENDERERS.svg(graph)).not.toContain("<script");
  expect(RENDERERS.svg(graph)).toContain("&lt;script&gt;");
  expect(RENDERERS.mermaid(graph).split("\n")[1]).toMatch(/^ {2}n0\("[^"<>]*(<br\/>[^"<>]*)*"\):::up$/);
  expect(RENDERERS.dot(graph)).toContain(String.raw`label="</text><script>alert(1)</script>\" ]] \\ \n &`);
  expect(JSON.parse(JSON.stringify(graphJson(graph)))).toMatchObject({ lab: evil, nodes: [{ name: evil }] });
});
