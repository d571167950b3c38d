import { expect, test } from "vitest";
import { isAnswerTo, lieTo } from "../../../../../src/core/render/bng/dns-lies.ts";
import { parseIp6 } from "../../../../../src/core/model/ip6.ts";

const [A, TXT, AAAA] = [1, 16, 28];
const ADDRESS = parseIp6("2001:db8:bad::1") ?? 0n;

function question(name: string, type: number): Uint8Array {
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Uint8Array.from([0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1]);
}

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString("hex");

test("a lie is the answer to its name, however it is written", () => {
  const asked = question("WWW.example", AAAA);
  expect(hex(lieTo(asked, { lie: { name: "www.example", address: ADDRESS } }))).toBe(
    [
      "abcd81800001000100000000",
      hex(asked.subarray(12)),
      "c00c001c000100000005001020010db80bad00000000000000000001",
    ].join(""),
  );
});

test.each([
  ["another name", "mail.example", AAAA],
  ["another type", "www.example", TXT],
])("the truth is told of %s", (_, name, type) => {
  expect(lieTo(question(name, type), { lie: { name: "www.example", address: ADDRESS } })).toBeUndefined();
});

test("a name that is lied about has no IPv4 address, and without a name all are lied about", () => {
  const said = lieTo(question("any.example", A), { lie: { name: undefined, address: ADDRESS } });
  expect(hex(said?.subarray(0, 12))).toBe("abcd81800001000000000000");
});

test.each([
  ["www.inside.example", undefined],
  ["inside.example", undefined],
  ["notinside.example", "abcd81830001000000000000"],
  ["example", "abcd81830001000000000000"],
])("of those who know inside.example, %s hears %s", (name, expected) => {
  const said = lieTo(question(name, AAAA), { known: ["inside.example"] });
  expect(hex(said?.subarray(0, 12))).toBe(expected);
});

test("who knows no domain says of all that they do not exist, and nothing but of questions", () => {
  const asked = question("www.example", AAAA);
  expect(lieTo(asked, { known: [] })?.[3]).toBe(0x83);
  for (let size = 0; size < asked.length; size += 1)
    expect(lieTo(asked.subarray(0, size), { known: [] })).toBeUndefined();
  const answer = Uint8Array.from(asked);
  answer[2] = 0x81;
  expect(lieTo(answer, { known: [] })).toBeUndefined();
});

test("an answer has the ID and the question of what was asked", () => {
  const asked = question("www.example", AAAA);
  const answer = lieTo(asked, { lie: { name: undefined, address: ADDRESS } }) ?? asked;
  const changed = (at: number): Uint8Array => answer.map((byte, index) => (index === at ? byte ^ 1 : byte));
  expect(isAnswerTo(asked, answer)).toBe(true);
  // The ID, a letter of the name, the type; a question; what is cut off.
  for (const wrong of [changed(1), changed(14), changed(26), asked, answer.subarray(0, 20), new Uint8Array()])
    expect(isAnswerTo(asked, wrong)).toBe(false);
  expect(isAnswerTo(new Uint8Array([1, 2]), new Uint8Array([1, 2, 0x80]))).toBe(true);
});
