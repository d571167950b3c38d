import { parseLab } from "../../../../../src/core/model/lab/parse.ts";

const TEXT = `name: two-isps
internet: bundled
providers:
  - {name: alpha, prefix: 2001:db8:a::/48}
  - {name: beta, prefix: 2001:db8:b::/48}
cpes: [{name: home}]
`;

/** Two providers and a home. */
export const LAB = parseLab(TEXT, { file: "lab.yaml", env: {} }).lab;

/** As in the issue that asked for scenarios. */
export const ISSUE = `name: silent-upstream
lab: ../two-isps/lab.yaml
seed: 7
probes: {every: 100ms, targets: [2001:db8::1]}
steps:
  - {at: 10s, fault: upstream-blackhole, provider: alpha, for: 30s}
  - {at: 60s, renumber: beta, to: 2001:db8:bb::/48, how: flash}
  - {at: 70s, run: [iperf3, -6, -c, 2001:db8::1, -J], in: home-host1, save: iperf3.json}
  - {wait: {delegated: beta, at: home}, within: 30s}
expect:
  - {reaches: 2001:db8::1, from: home-host1, source: beta, while: [10s, 40s], within: 1s}
  - {address: alpha, at: home-host1, is: deprecated, after: 10s, within: 5s}
  - {leaks: 0}
`;
