import { expect, test } from "vitest";
import { linkBetween } from "../../../../../src/core/model/lab/engines.ts";
import { lab as labOf, specs } from "../../../support/planned-lab.ts";

const LAB = labOf(`name: desk
engines:
  - {name: pi1, host: "ssh://pi1", address: 192.0.2.11}
  - {name: pi2, host: "ssh://pi2", address: 192.0.2.12}
internet: bundled
providers:
  - {name: alpha, prefix: "2001:db8:a::/48", subscriber: {cpe: home}}
  - {name: beta, prefix: "2001:db8:b::/48", engine: pi2, subscriber: {cpe: home}}
cpes: [{name: home}]
`);

test("a link between machines has one id and each end the other machine as its remote; others have none", () => {
  const link = linkBetween(LAB, { provider: "beta", cpe: "home", name: "mh1" });
  expect([link?.bng.remote, link?.cpe.remote]).toEqual(["192.0.2.11", "192.0.2.12"]);
  expect(link?.bng.id).toBe(link?.cpe.id);
  expect(linkBetween(LAB, { provider: "beta", cpe: "home", name: "mh2" })?.bng.id).not.toBe(link?.bng.id);
  expect(linkBetween(LAB, { provider: "alpha", cpe: "home", name: "mh1" })).toBeUndefined();
});

test("the documents of both ends tell of it, and of the veth where they share a machine", () => {
  const of = (name: string) => specs(LAB).find((spec) => spec.name === name)?.document;
  expect(of("alpha")?.["subscriber"]).toEqual({ veth: expect.any(String) as unknown });
  const id = expect.stringMatching(/^\d+$/) as unknown;
  expect(of("beta")?.["subscriber"]).toEqual({ vxlan: { id, remote: "192.0.2.11" } });
  const wans = of("home")?.["wans"] as readonly Record<string, unknown>[];
  expect(wans.map(({ vxlan }) => vxlan)).toEqual([undefined, { id, remote: "192.0.2.12" }]);
});
