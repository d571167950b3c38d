import { colourOf } from "../data/format.ts";

/** How a curve looks: a provider's own colour; dashed for a customer's way by it. */
export function trackStyle(name: string, providers: readonly string[]): { colour: string; dashed: boolean } {
  const [customer, provider] = name.split(" › ");
  return provider === undefined
    ? { colour: colourOf(customer ?? "", providers), dashed: false }
    : { colour: colourOf(provider, providers), dashed: true };
}
