import { expect, test } from "vitest";
import { renderMssClamp } from "../../../../../src/core/render/bng/mss-clamp.ts";
import { alphaConfig } from "../../../support/alpha.ts";

test("both directions are clamped to the tunnel's MTU less the headers", () => {
  const text = renderMssClamp(alphaConfig({ "wireguard.clamp-mss": "true", "wireguard.mtu": "1412" }));
  expect(text).toContain('oifname "wg-alpha" tcp flags & (syn | rst) == syn tcp option maxseg size set 1352');
  expect(text).toContain('iifname "wg-alpha" tcp flags & (syn | rst) == syn tcp option maxseg size set 1352');
});

test("without clamping the table is emptied, so that a change of mind takes effect", () => {
  expect(renderMssClamp(alphaConfig())).toBe("table ip6 mhlab-clamp {}\ndelete table ip6 mhlab-clamp\n");
});
