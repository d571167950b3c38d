import { parseLab } from "../../../../src/core/lab/parse.ts";

const TEXT = `name: two-isps
internet: bundled
providers:
  - {name: alpha, prefix: 2001:db8:a::/48}
  - {name: beta, prefix: 2001:db8:b::/48}
cpes: [{name: home}]
`;

/** Two providers and a home. */
export const LAB = parseLab(TEXT, { file: "lab.yaml", env: {} }).lab;
