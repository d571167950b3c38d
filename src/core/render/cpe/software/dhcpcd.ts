import { ADVERTISER, advertiserFile, type ForeignSoftware, type HomeLines } from "./foreign.ts";

const CONFIG = "/run/mhlab/dhcpcd.conf";

/** dhcpcd.conf(5), "Prefix Delegation", with one IAID and one LAN for all lines. */
export const dhcpcd: ForeignSoftware = {
  title: "dhcpcd and radvd",
  image: "cpe",
  acceptRa: "0",
  followsLinks: true,
  daemons: () => [
    { name: "dhcpcd", argv: ["dhcpcd", "--nobackground", "--config", CONFIG], confinement: "dhcpcdAlone" },
    ADVERTISER,
  ],
  files: (lines) => [{ path: CONFIG, text: config(lines) }, advertiserFile(lines)],
};

function config({ wans, lan }: HomeLines): string {
  return [
    // Without udev it waits for interfaces to be initialised.
    "nodev",
    "duid ll",
    "ipv6only",
    "noipv6rs",
    "script /bin/true",
    "option rapid_commit",
    "option domain_name_servers",
    `allowinterfaces ${[...wans, lan].join(" ")}`,
    ...wans.flatMap((name, index) => [
      `interface ${name}`,
      "  ipv6rs",
      `  ia_na ${index + 1}`,
      `  ia_pd ${index + 1}/::/56 ${lan}/1/64`,
    ]),
    "",
  ].join("\n");
}
