import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import {
  containerIdIn,
  isNonce,
  Signer,
  Verifier,
  type Hmac,
} from "../../../../../src/core/model/protocol/proof.ts";

const hmac: Hmac = (key, text) => createHmac("sha256", key).update(text).digest("hex");
const [NONCE, OTHER_NONCE] = ["0".repeat(32), "1".repeat(32)];
const [ALPHA, BETA] = ["a".repeat(64), "b".repeat(64)];
const signer = (nonce = NONCE, connection = "0".repeat(12), id = ALPHA): Signer =>
  new Signer(nonce, connection, (text) => hmac(id, text));
const line = (seq: number): string => JSON.stringify({ seq, node: "beta", ready: true });

test("a line is proven for one question, by one container, as it was written", () => {
  const signed = signer().sign(line(1));
  expect(JSON.parse(signed)).toEqual({
    ...(JSON.parse(line(1)) as object),
    proof: expect.any(String) as string,
  });
  expect(new Verifier(NONCE, hmac).read(signed, ALPHA)).toBe(line(1));
  for (const [nonce, id, text] of [
    [NONCE, ALPHA, line(1)],
    [NONCE, ALPHA, signed.replace("true", "false")],
    [NONCE, ALPHA, signed.replace('"proof":"0', '"proof":"1')],
    [OTHER_NONCE, ALPHA, signed],
    [NONCE, BETA, signed],
  ] as const)
    expect(new Verifier(nonce, hmac).read(text, id)).toBeUndefined();
});

test("lines are read once, in their order, without one left out", () => {
  const [one, other] = [signer(), signer(NONCE, "1".repeat(12))];
  const lines = [1, 2, 3].map((seq) => one.sign(line(seq)));
  const again = [1, 2].map((seq) => other.sign(line(seq)));
  const verifier = new Verifier(NONCE, hmac);
  const read = (text: string | undefined): boolean => verifier.read(text ?? "", ALPHA) !== undefined;
  expect([lines[1], lines[0], lines[0], lines[2], lines[1]].map(read)).toEqual([
    false,
    true,
    false,
    false,
    true,
  ]);
  // The node was asked anew; the former connection does not go on.
  expect([again[0], lines[2], again[1], lines[0]].map(read)).toEqual([true, false, true, false]);
});

test("a nonce is 128 bits in hexadecimal digits", () => {
  const words = [NONCE, "0".repeat(31), "G".repeat(32), ""];
  expect(words.map(isNonce)).toEqual([true, false, false, false]);
});

test("the container's id is where the engine's files are mounted from", () => {
  const id = "4f".repeat(32);
  const mounted = (path: string): string =>
    `36 35 98:0 / / ro - override override ro\n700 36 254:1 ${path} /etc/hostname ro - ext4 /dev/vda1 rw\n`;
  expect(containerIdIn(mounted(`/var/lib/docker/containers/${id}/hostname`))).toBe(id);
  expect(containerIdIn(mounted(`/overlay-containers/${id}/userdata/hostname`))).toBe(id);
  expect(containerIdIn(mounted("/var/lib/other/hostname"))).toBeUndefined();
});
