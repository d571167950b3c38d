/** A load whose tool tells more than fits into the arguments of one call. */
import { expect, test } from "vitest";
import type { LoadSample } from "../../../../src/core/judge/experiment/record.ts";
import type { SeenNode } from "../../../../src/app/agents/node.ts";
import type { ByteStream } from "../../../../src/app/ports/exec-bytes.ts";
import { runLoad } from "../../../../src/app/load/run-load.ts";

const TRIPS = 200_000;
const FIRST_NS = 1_795_902_295_441_670_601n;

const trip = (index: number): string =>
  `{"timestamps": {"client": {"send": {"wall": ${FIRST_NS + BigInt(index) * 1_000_000n}}}}, "delay": {"rtt": 250000}}`;
const OUTPUT = `{"round_trips": [${Array.from({ length: TRIPS }, (_, index) => trip(index)).join(",\n")}], "stats": {"packet_loss_percent": 0}}\n`;

test("two hundred thousand round trips of irtt all come, in order", async () => {
  const host = {
    name: "home-host1",
    role: "host",
    execBytes: (_: readonly string[], stream: ByteStream) => {
      stream.onOutput(new TextEncoder().encode(OUTPUT));
      return Promise.resolve(0);
    },
  } as unknown as SeenNode;
  const samples: LoadSample[] = [];
  const done = await runLoad(
    {
      id: "trips",
      kind: "irtt",
      node: "home-host1",
      source: null,
      target: "2001:db8:ffff::1",
      options: { interval: "1ms" },
      forS: 200,
    },
    {
      nodes: [host],
      port: 1,
      clock: { sinceStart: (wallNs) => Number(wallNs - FIRST_NS) / 1e9 },
      nowS: () => 0,
      onOutput: () => undefined,
      onSamples(some) {
        for (const sample of some) samples.push(sample);
      },
      signal: new AbortController().signal,
    },
  );
  expect(done).toMatchObject({ outcome: "done", exitCode: 0 });
  expect(samples).toHaveLength(TRIPS + 1);
  expect(samples[TRIPS - 1]).toMatchObject({ metric: "rtt", atNs: 199_999_000_000, value: 0.00025 });
});
