import { formatPrefix6, subnet, type Prefix6 } from "../ip6.ts";
import { wireguardInterface } from "../names.ts";
import { advertised as told, advertisedProblem } from "../settings/advertised.ts";
import { advertisementLength, LONGEST_ADVERTISEMENT } from "../settings/advertisement-length.ts";
import { fitsPool } from "../settings/delegation.ts";
import { canExclude, dhcpv6, firstDelegation, reservationProblems } from "../settings/dhcpv6.ts";
import {
  EnvironmentReader,
  type Environment,
  type EnvironmentError,
} from "../settings/environment-reader.ts";
import { isWrong, readVariables, writeVariables } from "../settings/environment.ts";
import { disorders, lifetimes } from "../settings/lifetimes.ts";
import type { Given, Settled } from "../settings/registry.ts";
import { settle } from "../settings/settle.ts";
import type { BngConfig } from "./config.ts";

export type { Environment, EnvironmentError } from "../settings/environment-reader.ts";

/** Reads a BNG's environment; either a configuration or every wrong variable at once. */
export function readBngEnvironment(
  env: Environment,
): { config: BngConfig; errors?: never } | { config?: never; errors: EnvironmentError[] } {
  const reader = new EnvironmentReader(env);
  const given = readVariables(reader);
  const settled = settle(given);
  checkDelegation(settled, given, reader);
  checkAnnouncements(settled, reader);
  checkLifetimes(settled, given, reader);
  return reader.errors.length === 0 ? { config: configOf(settled) } : { errors: reader.errors };
}

/** The environment of a BNG; keys are handed over as files and never written here. Throws when the configuration holds a key value. */
export function writeBngEnvironment(config: BngConfig): Record<string, string> {
  return writeVariables(givenBy(config));
}

/** The configuration that settings make; all that is required is there. */
function configOf(settled: Settled): BngConfig {
  const { provider, keys, wireguard, subscriber, lifetimes: times, ra, advertised, pvd } = settled;
  const { address, probe, presharedKey: _, ...tunnel } = wireguard;
  return {
    ...provider,
    wireguard: {
      ...keys,
      ...tunnel,
      interface: wireguardInterface(provider.name),
      address: address.address,
      addressLength: address.length,
    },
    transfer: subnet(provider.prefix, 64, 0n),
    ...settled.delegation,
    ...settled.dhcpv6,
    lifetimes: times,
    ra,
    advertised,
    pvd: { name: pvd.name, http: pvd.http, delay: pvd.delay, sequence: pvd.sequence },
    line: lineOf(settled),
    ...settled.dns,
    ...settled.captivePortal,
    subscriber: {
      interface: subscriber.interface,
      link: subscriber.link,
      ...(subscriber.force ? { force: true as const } : {}),
    },
    ...settled.router,
    ...settled.filter,
    ...settled.recorder,
    probe,
  };
}

function lineOf({ line: { delayMs, jitterMs, loss, down, up } }: Settled): BngConfig["line"] {
  return { delayMs, jitterMs, loss, down, up };
}

function givenBy(config: BngConfig): Given {
  const { wireguard, subscriber } = config;
  return {
    provider: config,
    keys: wireguard,
    wireguard: {
      ...wireguard,
      address: { address: wireguard.address, length: wireguard.addressLength },
      probe: config.probe,
    },
    // A length without a pool says nothing; addresses are bounded all the same.
    delegation: config.pool === undefined ? { perCustomer: config.perCustomer } : config,
    lifetimes: config.lifetimes,
    dhcpv6: config,
    ra: config.ra,
    advertised: config.advertised,
    line: config.line,
    dns: config,
    captivePortal: config,
    pvd: config.pvd,
    resolver: {},
    subscriber: { ...subscriber, force: subscriber.force === true },
    router: config,
    filter: config,
    recorder: config,
  };
}

function checkDelegation({ delegation: { pool } }: Settled, given: Given, reader: EnvironmentReader): void {
  const { delegatedLength } = given.delegation;
  if (pool === undefined || delegatedLength === undefined || fitsPool(pool, delegatedLength)) return;
  reader.fail(
    "DELEGATED_LENGTH",
    `is '${delegatedLength}', but the pool is ${formatPrefix6(pool)}; right would be ${pool.length} to 64`,
  );
}

/** What is announced must be the provider's to give. */
function checkAnnouncements(settled: Settled, reader: EnvironmentReader): void {
  const { provider, delegation, dhcpv6: given, advertised, pvd, dns, captivePortal } = settled;
  // Reported already, when it is missing or wrong.
  if ((provider.prefix as Prefix6 | undefined) === undefined) return;
  const stock = { ...provider, ...delegation, transfer: subnet(provider.prefix, 64, 0n) };
  const { exclude, reservations } = given;
  if (exclude !== undefined && !canExclude(exclude, stock)) {
    const first = firstDelegation(stock);
    reader.fail(
      dhcpv6.exclude.variable,
      `is ${formatPrefix6(exclude)}; right would be ${first === undefined ? "none, because nothing is delegated" : `a part of the first delegation, ${formatPrefix6(first)}`}`,
    );
  }
  for (const { index, field, kind } of reservationProblems(reservations, stock))
    reader.fail(
      dhcpv6.reservations.variable,
      `has a ${field} at its place ${index + 1} that cannot be (${kind})`,
    );
  for (const [index, prefix] of advertised.prefixes.entries()) {
    const problem = advertisedProblem(prefix, stock, advertised.prefixes.slice(0, index));
    if (problem !== undefined)
      reader.fail(
        told.prefixes.variable,
        `has ${formatPrefix6(prefix.prefix)}, which cannot be announced (${problem})`,
      );
  }
  const length = advertisementLength({ advertised, pvd, ...dns, ...captivePortal });
  if (length > LONGEST_ADVERTISEMENT)
    reader.fail(
      told.routes.variable,
      `and others make a router advertisement of ${length} octets; right would be at most ${LONGEST_ADVERTISEMENT}`,
    );
}

function checkLifetimes(settled: Settled, given: Given, reader: EnvironmentReader): void {
  if (isWrong("lifetimes", reader)) return;
  for (const { early, late, byDefault } of disorders(settled.lifetimes, given.lifetimes)) {
    const { variable } = lifetimes[early];
    reader.fail(
      variable,
      `is ${settled.lifetimes[early]}${byDefault ? " by default" : ""}, but ${lifetimes[late].variable} is ${settled.lifetimes[late]}; right would be at most that`,
    );
  }
}
