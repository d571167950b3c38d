import { domains, optional } from "../option.ts";
import { countQuestions } from "../questions.ts";
import { lasting } from "../record.ts";

export const dnsOtherView = lasting({
  summary: "the provider's resolvers know only some domains",
  provider:
    "The resolvers that it announces say of every name outside of some domains that it does not exist (NXDOMAIN).",
  customer:
    "Most names do not exist, if it believes whoever answers first; by another provider's resolvers they do.",
  normal:
    "Names within those domains, other resolvers, everything but DNS; hits are packets to its resolvers.",
  advice:
    "Keep what each provider's resolvers say apart (RFC 7556 section 5.2.1, RFC 8801 section 3.4), ask for a name by the provider by which it will be used (RFC 6731 section 4), and do not let one provider's NXDOMAIN answer for another.",
  directions: ["up"],
  options: { known: optional(domains, "the domains that they know; left out, none") },
  explains: [],
  effects: ({ known = [] }, scene) => ({ dns: { known }, packets: countQuestions(scene) }),
});
