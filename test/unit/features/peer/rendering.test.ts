import { describe, expect, test } from "vitest";
import type { FarSideOptions } from "../../../../src/features/peer/derive.ts";
import { describeFarSide, renderFiles } from "../../../../src/features/peer/describe.ts";
import { FILE_FORMATS, type FarSide } from "../../../../src/features/peer/model.ts";
import { renderRotation } from "../../../../src/features/peer/rotation.ts";
import { renderScript } from "../../../../src/features/peer/script.ts";
import { farSides, OUTSIDE, PORTS, SERVER_KEY, SHARED } from "./lab.ts";

const CASES: Record<string, { lab: string; options: Partial<FarSideOptions> }> = {
  routed: { lab: SHARED, options: {} },
  "routed-two-ports": { lab: PORTS, options: {} },
  "on-link": { lab: SHARED, options: { variant: "on-link", uplink: "ens3" } },
  renumbered: {
    lab: SHARED,
    options: { live: new Map([["alpha", ["2001:db8:c::/56", "2001:db8:a::/56"]]]) },
  },
  nat66: { lab: SHARED, options: { variant: "nat66" } },
  nptv6: { lab: SHARED, options: { variant: "nptv6", uplink: "ens3", outside: OUTSIDE } },
};

function only(name: string): FarSide {
  const one = CASES[name];
  const [first, ...others] = one === undefined ? [] : farSides(one.lab, one.options);
  if (first === undefined || others.length > 0) throw new Error(`${name}: not one server`);
  return first;
}

describe.each(Object.keys(CASES))("%s", (name) => {
  test.each(FILE_FORMATS)("%s", async (format) => {
    const text = renderFiles(only(name), format)
      .map((file) => `# ==> ${file.path} <==\n${file.text}`)
      .join("\n");
    await expect(text).toMatchFileSnapshot(`../../../golden/far-side/${name}/${format}.txt`);
  });

  test("script", async () => {
    await expect(renderScript(only(name))).toMatchFileSnapshot(`../../../golden/far-side/${name}/script.sh`);
  });

  test("json", async () => {
    const { files, script, ...data } = describeFarSide(only(name));
    expect(Object.keys(files)).toEqual([...FILE_FORMATS]);
    expect(script).toBe(renderScript(only(name)));
    await expect(`${JSON.stringify(data, null, 2)}\n`).toMatchFileSnapshot(
      `../../../golden/far-side/${name}/data.json`,
    );
  });
});

test("a compromise is called one in every text", () => {
  for (const name of ["nat66", "nptv6"]) {
    for (const format of FILE_FORMATS) {
      expect(renderFiles(only(name), format)[0]?.text).toContain(
        format === "networkd" ? "COMPROMISE" : "A COMPROMISE",
      );
    }
    expect(renderScript(only(name))).toContain("A COMPROMISE");
  }
});

test("the keys of the server are named, and the only ones inside are public", () => {
  const text = JSON.stringify(describeFarSide(only("routed")));
  expect(text).toContain(SERVER_KEY);
  expect(text).not.toMatch(/PrivateKey ?=/);
  expect(text).not.toMatch(/PresharedKey ?=/);
});

test("a rotation lets the far side know the new key first, and moves the addresses at its handshake", async () => {
  const script = renderRotation(only("routed"), "alpha", "NEXT+KEY+OF+ALPHA+IN+BASE64+WITH+43+SIGNS+AB=");
  await expect(script ?? "").toMatchFileSnapshot("../../../golden/far-side/rotation.sh");
  expect(renderRotation(only("routed"), "gamma", "x")).toBeUndefined();
});
