import { expect, test } from "vitest";
import { renumberPeer } from "../../../../src/features/peer/renumbering.ts";

const PEER = { publicKey: "key=", address: "2001:db8:0:f::a" };
const [A, C] = ["2001:db8:a::/48", "2001:db8:c::/48"];

test("a server is told which prefixes to take, and which come and go", () => {
  const [find, ...rest] = renumberPeer(PEER, [A], [C, A]);
  expect(find).toContain("grep -qxF 'key='");
  expect(rest).toEqual([
    `wg set "$wg" peer 'key=' allowed-ips 2001:db8:0:f::a/128,${C},${A}`,
    `ip -6 route replace ${C} dev "$wg"`,
    `nft insert rule inet "$wg" forward iifname "$wg" ip6 saddr ${C} accept 2> /dev/null || :`,
  ]);
  expect(renumberPeer(PEER, [C, A], [C]).slice(1)).toEqual([
    `wg set "$wg" peer 'key=' allowed-ips 2001:db8:0:f::a/128,${C}`,
    `ip -6 route del ${A} dev "$wg"`,
  ]);
});

test("where nothing changes there is nothing to do", () => {
  expect(renumberPeer(PEER, [A], [A])).toEqual([]);
});
