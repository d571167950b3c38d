import { address, domain, option, optional } from "../option.ts";
import { countQuestions } from "../questions.ts";
import { lasting } from "../record.ts";

export const dnsLie = lasting({
  summary: "the provider's resolvers tell another address of a name",
  provider:
    "The resolvers that it announces answer for one name (for all, when none is named) with an address of its choice, and with no IPv4 address.",
  customer: "Who asks them comes to another place; who asks another provider's comes to the right one.",
  normal: "Other names, other types of records, other resolvers; hits are packets to its resolvers.",
  advice:
    "Validate (RFC 4035 section 4): a forged answer for a signed name is bogus. Use what a resolver says with the provider whose it is (RFC 7556 section 5.2.1), and answer nobody out of another provider's cache.",
  directions: ["up"],
  options: {
    name: optional(domain, "the name; left out, all names"),
    address: option(address, {
      text: "the address that is told",
      otherwise: 0x2001_0db8_0bad_0000_0000_0000_0000_0001n,
    }),
  },
  explains: [],
  effects: ({ name, address: told }, scene) => ({
    dns: { lie: { name, address: told } },
    packets: countQuestions(scene),
  }),
});
