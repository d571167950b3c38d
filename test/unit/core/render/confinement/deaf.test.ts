import { expect, test } from "vitest";
import { deafFilter } from "../../../../../src/core/render/confinement/deaf.ts";

/** What the filter returns for a call, by the rules of classic BPF (seccomp(2)). */
function judge(filter: Uint8Array, data: { audit: number; call: number; third: number }): number {
  const view = new DataView(filter.buffer);
  const memory = new Map([
    [0, data.call],
    [4, data.audit],
    [32, data.third],
  ]);
  let value = 0;
  for (let at = 0; at < filter.length / 8; at += 1) {
    const code = view.getUint16(8 * at, true);
    const operand = view.getUint32(8 * at + 4, true);
    if (code === 0x06) return operand;
    if (code === 0x20) value = memory.get(operand) ?? NaN;
    else if (code === 0x15) at += view.getUint8(8 * at + (value === operand ? 2 : 3));
    else throw new Error(`instruction ${code}`);
  }
  throw new Error("the filter does not end");
}

const ALLOW = 0x7fff0000;
const DONE = 0x00050000;

test.each([
  ["x64", 0xc000003e, 49],
  ["arm64", 0xc00000b7, 200],
])("on %s nothing but binding to a netlink address is left out", (architecture, audit, bind) => {
  const filter = deafFilter(architecture) ?? new Uint8Array();
  expect(judge(filter, { audit, call: bind, third: 12 })).toBe(DONE);
  // Addresses of IPv4, IPv6, UNIX and packet sockets.
  for (const third of [16, 28, 110, 20]) expect(judge(filter, { audit, call: bind, third })).toBe(ALLOW);
  for (let call = 0; call < 500; call += 1)
    expect([call, judge(filter, { audit, call, third: 12 })]).toEqual([call, call === bind ? DONE : ALLOW]);
  expect(judge(filter, { audit: 0x40000003, call: bind, third: 12 })).toBe(ALLOW);
});

test("there is none for an architecture whose calls are not known", () => {
  expect(deafFilter("riscv64")).toBeUndefined();
});
