import { parseIp6, parsePrefix6 } from "../../model/ip6.ts";
import { parseAnyAddress } from "../../model/values/announced.ts";
import { parseDomain } from "../../model/values/parse.ts";
import { fieldsOf } from "../../model/internet/fields.ts";
import type { ProviderServices } from "../../model/internet/services.ts";

/** Reads what is done for one provider; throws an Error that names the field that is wrong. */
export function parseServices(value: unknown, index: number): ProviderServices {
  const at = `services[${index}]`;
  const { text, part } = fieldsOf(value, at);
  return {
    provider: text("provider"),
    ...part("resolver", (found) => {
      const resolver = fieldsOf(found, `${at}.resolver`);
      return {
        resolver: {
          address: resolver.text("address", isAddress),
          ...resolver.part("dns64", () => ({ dns64: resolver.text("dns64", isPrefix) })),
          answers: resolver.list("answers", (answer, where) => {
            const fields = fieldsOf(answer, where);
            return {
              name: fields.text("name", isDomain),
              address: fields.text("address", (address) => parseAnyAddress(address) !== undefined),
            };
          }),
        },
      };
    }),
    ...part("nat64", (found) => {
      const nat64 = fieldsOf(found, `${at}.nat64`);
      return {
        nat64: {
          prefix: nat64.text("prefix", isPrefix),
          pool: nat64.text("pool", (pool) => /^198\.1[89]\.\d{1,3}\.0\/24$/.test(pool)),
          address: nat64.text("address", isAddress),
        },
      };
    }),
    ...part("pvd", (found) => {
      const pvd = fieldsOf(found, `${at}.pvd`);
      const texts = (field: string, isRight: (text: string) => boolean): string[] =>
        pvd.list(field, (item, where) => {
          if (typeof item !== "string" || !isRight(item)) throw new Error(`${where} is wrong`);
          return item;
        });
      return {
        pvd: {
          name: pvd.text("name", isDomain),
          noInternet: pvd.flag("noInternet"),
          zones: texts("zones", isDomain),
          prefixes: texts("prefixes", isPrefix),
          expiresS: pvd.integer("expiresS"),
        },
      };
    }),
  };
}

const isAddress = (text: string): boolean => parseIp6(text) !== undefined;
const isPrefix = (text: string): boolean => parsePrefix6(text) !== undefined;
const isDomain = (text: string): boolean => parseDomain(text) !== undefined;
