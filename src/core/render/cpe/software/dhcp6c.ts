import { ADVERTISER, advertiserFile, type ForeignSoftware, type HomeLines } from "./foreign.ts";

const CONFIG = "/run/mhlab/dhcp6c.conf";

/** dhcp6c.conf(5): the kernel follows the advertisements, dhcp6c asks for prefixes only. */
export const dhcp6c: ForeignSoftware = {
  title: "wide-dhcpv6-client and radvd",
  image: "cpe-others",
  acceptRa: "2",
  followsLinks: false,
  daemons: ({ wans }) => [
    {
      name: "dhcp6c",
      argv: ["dhcp6c", "-f", "-c", CONFIG, "-p", "/run/dhcp6c/pid", ...wans],
      confinement: "dhcp6c",
    },
    ADVERTISER,
  ],
  files: (lines) => [{ path: CONFIG, text: config(lines) }, advertiserFile(lines)],
};

function config({ wans, lan }: HomeLines): string {
  return wans
    .map(
      (name, index) => `interface ${name} {
  send ia-pd ${index + 1};
  send rapid-commit;
  request domain-name-servers;
  script "/bin/true";
};
id-assoc pd ${index + 1} {
  prefix ::/56 infinity;
  prefix-interface ${lan} { sla-id 1; sla-len 8; ifid 1; };
};
`,
    )
    .join("");
}
