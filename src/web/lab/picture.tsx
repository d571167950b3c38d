import { computed, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { layOut, type Layout } from "../../features/graph/layout.ts";
import { graphOfStatus } from "../../features/graph/of-status.ts";
import { status, view } from "../data/state.ts";
import { NodeList } from "./node-list.tsx";
import { Link, Node } from "./shapes.tsx";
import { listenForZoom, sizeStyle, STEP, zoom, zoomBy } from "./zoom.ts";

const NARROW = matchMedia("(max-width: 640px)");
const narrow = signal(NARROW.matches);
NARROW.addEventListener("change", () => {
  narrow.value = NARROW.matches;
});

/** From top to bottom so many providers are still legible in a narrow window. */
const MOST_ABREAST = 3;

const graph = computed(() => graphOfStatus(status.value));
const layout = computed(() => {
  const abreast = graph.value.nodes.filter(({ kind }) => kind === "bng").length;
  return layOut(graph.value, narrow.value && abreast <= MOST_ABREAST ? "down" : "right");
});

const SHAPES = ["picture", "list"] as const;
type Shape = (typeof SHAPES)[number];
/** What the user chose; null: a list in narrow windows. */
const chosen = signal<Shape | null>(null);

/** The lab as a picture or a list, with what changes how it is seen. */
export function LabCard() {
  const frame = useRef<HTMLDivElement>(null);
  const shape = chosen.value ?? (narrow.value ? "list" : "picture");
  const empty = graph.value.nodes.length === 0;
  return (
    <section class="card picture-card" aria-labelledby="picture-title">
      <div class="picture-head">
        <h2 id="picture-title">The lab</h2>
        <span class="grow" />
        {shape === "picture" && !empty ? (
          <div class="segments" role="group" aria-label="Zoom">
            <button aria-pressed={zoom.value === null} onClick={() => (zoom.value = null)}>
              Fit
            </button>
            <button
              aria-label="Zoom out"
              onClick={() => frame.current === null || zoomBy(frame.current, 1 / STEP)}
            >
              −
            </button>
            <button
              aria-label="Zoom in"
              onClick={() => frame.current === null || zoomBy(frame.current, STEP)}
            >
              +
            </button>
          </div>
        ) : null}
        <div class="segments" role="group" aria-label="Shape">
          {SHAPES.map((one) => (
            <button key={one} aria-pressed={shape === one} onClick={() => (chosen.value = one)}>
              {one === "picture" ? "Picture" : "List"}
            </button>
          ))}
        </div>
      </div>
      {empty ? (
        <p class="empty">
          Nothing runs. <code>{view.self} up</code> starts the lab, and it appears here.
        </p>
      ) : shape === "list" ? (
        <NodeList graph={graph.value} />
      ) : (
        <Picture layout={layout.value} frame={frame} />
      )}
    </section>
  );
}

function Picture({ layout: placed, frame }: { layout: Layout; frame: { current: HTMLDivElement | null } }) {
  const { nodes, links } = placed;
  const [width, height] = [Math.ceil(placed.width), Math.ceil(placed.height)];
  useEffect(() => (frame.current === null ? undefined : listenForZoom(frame.current)), []);
  return (
    <div class="picture-frame" ref={frame}>
      <svg
        class="picture"
        viewBox={`0 0 ${width} ${height}`}
        style={sizeStyle({ width, height }, zoom.value)}
        role="group"
        aria-label={`The lab ${view.lab}`}
      >
        {links.map((link) => (
          <Link key={link.id} {...link} />
        ))}
        {nodes.map((node) => (
          <Node key={node.id} {...node} />
        ))}
      </svg>
    </div>
  );
}
