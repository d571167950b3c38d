const PRIVATE_KEY_VARIABLE = /\b(WIREGUARD_PRIVATE_KEY|WIREGUARD_PRESHARED_KEY)=\S+/g;
const PRIVATE_KEY_LINE =
  /\b(private[-_ ]?key|PrivateKey|preshared[-_ ]?key|PresharedKey)(\s*[:=]\s*)[A-Za-z0-9+/]{20,}=*/gi;
/** How wg(8) complains about a key, with all of it. */
const BROKEN_KEY = /(Key is not the correct length or format: )`[^']*'?/g;
const URL_PASSWORD = /\/\/([^/\s:@]+):[^/\s@]+@/g;

/** Takes secrets out of a text: private keys that are called so, and passwords in addresses. */
export function redact(text: string): string {
  return text
    .replace(PRIVATE_KEY_VARIABLE, "$1=(hidden)")
    .replace(PRIVATE_KEY_LINE, "$1$2(hidden)")
    .replace(BROKEN_KEY, "$1(hidden)")
    .replace(URL_PASSWORD, "//$1:(hidden)@");
}
