import { expect, test } from "vitest";
import { linkQuestion } from "../../../../src/features/wizard/links.ts";
import { providerQuestions } from "../../../../src/features/wizard/provider-questions.ts";
import { UNKNOWN_MACHINE } from "../../../../src/features/wizard/machine.ts";
import type { Known, Question } from "../../../../src/features/wizard/question.ts";

const KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
const KNOWN: Known = {
  facts: UNKNOWN_MACHINE,
  internet: "real",
  cpes: [],
  neighbours: [],
  answers: {},
};

/** What the wizard takes for what a person wrote, and what it says is wrong. */
function take(id: string, text: string, more: Partial<Known> = {}): [string, string | undefined] {
  const known = { ...KNOWN, ...more };
  const question = providerQuestions.find(
    (one): one is Question => one.id === id && one.kind === "text" && one.when?.(known) !== false,
  );
  const read = question?.read?.(text, known) ?? text;
  return [read, question?.check(read, known)];
}

test.each([
  ["endpoint", "[2001:db8::1]:51820", "[2001:db8::1]:51820"],
  ["endpoint", " 192.0.2.42:51820 ", "192.0.2.42:51820"],
  ["endpoint", '"[2001:db8::1]:51820"', "[2001:db8::1]:51820"],
  ["endpoint", "  endpoint: 192.0.2.42:51820", "192.0.2.42:51820"],
  ["endpoint", "Endpoint = [2001:db8::1]:51820", "[2001:db8::1]:51820"],
  ["endpoint", "endpoint:51820", "endpoint:51820"],
  ["endpoint", "192.0.2.42 : 51820", "192.0.2.42:51820"],
  ["endpoint", "192.0.2.42 51820", "192.0.2.42:51820"],
  ["endpoint", "2001:db8::1 port 51820", "[2001:db8::1]:51820"],
  ["endpoint", "2001:db8::1:51820", "[2001:db8::1]:51820"],
  ["endpoint", "vpn.example.net:51820,", "vpn.example.net:51820"],
  ["peer", `PublicKey = ${KEY}`, KEY],
  ["peer", `peer: ${KEY}`, KEY],
  ["peer", `  public key: ${KEY}`, KEY],
  ["peer", `'${KEY}'`, KEY],
  ["address", "Address = fd00:1:2:3::2/64", "fd00:1:2:3::2/64"],
  ["prefix", "fd00:a:: /48", "fd00:a::/48"],
  ["prefix", '"fd00:a::/48"', "fd00:a::/48"],
  ["name", ' "alpha" ', "alpha"],
])("%s: '%s' is taken as %s", (id, text, expected) => {
  expect(take(id, text)).toEqual([expected, undefined]);
});

test.each([
  ["length", "/60", "60"],
  ["preferred", "30 minutes", "30m"],
  ["preferred", "1 h 30 min", "1h30m"],
  ["valid", "4 Hours", "4h"],
  ["dns", "[2001:db8::1, 2001:db8::2]", "2001:db8::1, 2001:db8::2"],
  ["dns", "none", ""],
])("detail %s: '%s' is taken as %s", (id, text, expected) => {
  expect(take(id, text, { answers: { defaults: "no" } })).toEqual([expected, undefined]);
});

test.each([
  ["endpoint", "192.0.2.42", "has no port: add the far side's UDP port: 192.0.2.42:51820"],
  ["endpoint", "2001:db8::1", "has no port: add the far side's UDP port: [2001:db8::1]:51820"],
  ["endpoint", "[2001:db8::1]", "has no port: add the far side's UDP port: [2001:db8::1]:51820"],
  ["endpoint", "192.0.2.42:70000", "port 70000 does not exist"],
  ["prefix", "fd00:a::", "has no length: a prefix ends with its length: fd00:a::/48"],
  ["prefix", "fd00:a:0:ff00::", "has no length: a prefix ends with its length: fd00:a:0:ff00::/56"],
  ["prefix", "fd00:a:0:1::", "has no length: a prefix ends with its length: fd00:a:0:1::/64"],
  ["prefix", "fd00:a:0:1::5", "has no length: a prefix ends with its length: fd00:a:0:1::/64"],
  ["preferred", "3 months", "is not a duration"],
])("%s: '%s' is refused, and what would be right is said", (id, text, said) => {
  expect(take(id, text, { answers: { defaults: "no" } })[1]).toContain(said);
});

test.each([
  ["vlan:", "eth9:101", "vlan:eth9:101"],
  ["vlan:", "eth9.101", "vlan:eth9:101"],
  ["vlan:", "eth9 101", "vlan:eth9:101"],
  ["vlan:", "eth9.1:200.101", "vlan:eth9.1:200.101"],
  ["bridge:", "br-lab", "bridge:br-lab"],
  ["bridge:", "'br-lab'", "bridge:br-lab"],
  ["interface:", "eth9", "interface:eth9"],
  ["veth:", "wan0:container:openwrt", "veth:wan0:container:openwrt"],
])("a link begun by %s: '%s' is taken as %s", (choice, text, expected) => {
  const question = linkQuestion.more?.(choice, KNOWN);
  const read = question?.read?.(text, KNOWN) ?? "";
  expect([read, question?.check(read, KNOWN)]).toEqual([expected, undefined]);
});
