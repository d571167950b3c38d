import { option, span } from "../option.ts";
import { countQuestions } from "../questions.ts";
import { lasting } from "../record.ts";

export const dnsSlow = lasting({
  summary: "the provider's resolvers answer late",
  provider: "Each answer of the resolvers that it announces comes after a time.",
  customer: "Every name that is not in a cache takes so long, or is asked of another resolver.",
  normal: "What is answered, other resolvers, everything but DNS; hits are packets to its resolvers.",
  advice:
    "Ask another resolver when one does not answer in time (RFC 1035 section 7.2, RFC 8106 section 5.3.1), keep the answer when it comes, remember who is slow, and do not take a slow resolver for a dead provider.",
  directions: ["up"],
  options: { delay: option(span(1, 60_000), { text: "how late", otherwise: 3000 }) },
  explains: [],
  effects: ({ delay }, scene) => ({ dns: { delayMs: delay }, packets: countQuestions(scene) }),
});
