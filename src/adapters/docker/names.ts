/** Names of the containers that an engine told of in this run, by their ids: people do not know containers by 64 digits. */
const names = new Map<string, string>();

/** Keeps a container's name, for messages to come. */
export function rememberName(id: string, name: string): void {
  names.set(id, name);
}

/** A text with containers by their names; other ids as short as the docker command prints them. */
export function withNames(text: string): string {
  return text.replace(/\b[0-9a-f]{64}\b/g, (id) => names.get(id) ?? id.slice(0, 12));
}
