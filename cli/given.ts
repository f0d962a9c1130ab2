type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without what was not said: an absent field and `undefined` are two things to the API. */
export function given<T extends object>(values: T): Given<T> {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as Given<T>;
}
