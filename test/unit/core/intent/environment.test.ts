import { expect, test } from "vitest";
import { changedInPlace, intendedEnvironment } from "../../../../src/core/intent/environment.ts";
import { liveVariables } from "../../../../src/core/settings/registry.ts";

const ENVIRONMENT = {
  WIREGUARD_INTERFACE_SUFFIX: "alpha",
  ASSIGNED_PREFIX: "2001:db8:a::/48",
  DELEGATED_PREFIX: "2001:db8:a:4000::/50",
  RA_LIFETIME: "600",
};
const { RA_LIFETIME: _, ...WITHOUT_RA } = ENVIRONMENT;

test("a live variable that the settings leave out is unset; the prefix and its pool stay, because nobody is without", () => {
  expect(changedInPlace(ENVIRONMENT, { RA_PREFERENCE: "low" }, liveVariables)).toEqual({
    ...WITHOUT_RA,
    RA_PREFERENCE: "low",
  });
});

test("another prefix takes the pool along: one that is left out is that of the prefix", () => {
  const { DELEGATED_PREFIX: __, ...rest } = WITHOUT_RA;
  expect(changedInPlace(ENVIRONMENT, { ASSIGNED_PREFIX: "2001:db8:b::/48" }, liveVariables)).toEqual({
    ...rest,
    ASSIGNED_PREFIX: "2001:db8:b::/48",
  });
});

test("the prefixes of an overlay stand above both", () => {
  const overlay = {
    settings: { RA_LIFETIME: "0" },
    faults: [],
    prefixes: [{ prefix: "2001:db8:c::/48", state: "current" as const }],
  };
  const layers = { environment: ENVIRONMENT, settings: { ASSIGNED_PREFIX: "2001:db8:b::/48" }, overlay };
  expect(intendedEnvironment(layers, liveVariables)).toEqual({
    WIREGUARD_INTERFACE_SUFFIX: "alpha",
    ASSIGNED_PREFIX: "2001:db8:c::/48",
    RA_LIFETIME: "0",
  });
});
