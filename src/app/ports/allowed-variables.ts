/** What a person allowed: which variables may become part of names that a lab file has looked up. */
export interface AllowedVariables {
  /** The variables that were allowed for a file, by its absolute path. */
  of(place: string): Promise<readonly string[]>;
  /** Allows more of them. */
  add(place: string, variables: readonly string[]): Promise<void>;
}
