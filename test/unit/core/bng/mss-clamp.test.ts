import { expect, test } from "vitest";
import type { BngConfig } from "../../../../src/core/bng/config.ts";
import { readBngEnvironment } from "../../../../src/core/bng/environment.ts";
import { renderMssClamp } from "../../../../src/core/bng/mss-clamp.ts";
import { ALPHA } from "../../support/alpha.ts";

function configOf(extra: Record<string, string>): BngConfig {
  const { config, errors } = readBngEnvironment({
    ...ALPHA,
    ...extra,
  });
  if (config === undefined) throw new Error(JSON.stringify(errors));
  return config;
}

test("both directions are clamped to the tunnel's MTU less the headers", () => {
  const text = renderMssClamp(configOf({ CLAMP_MSS: "yes", WIREGUARD_MTU: "1412" }));
  expect(text).toContain('oifname "wg-alpha" tcp flags & (syn | rst) == syn tcp option maxseg size set 1352');
  expect(text).toContain('iifname "wg-alpha" tcp flags & (syn | rst) == syn tcp option maxseg size set 1352');
});

test("without clamping the table is emptied, so that a change of mind takes effect", () => {
  expect(renderMssClamp(configOf({}))).toBe("table ip6 mhlab-clamp {}\ndelete table ip6 mhlab-clamp\n");
});
