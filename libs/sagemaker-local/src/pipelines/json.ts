/** What JSON can hold, and the little that everybody here asks of it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A member that is undefined is as if it were not there. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** For values that came out of `JSON.parse`. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The objects of a list; empty when it is none. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** A member at the end of a way through objects: `member(step, 'Arguments', 'RoleArn')`. */
export function member(value: unknown, ...way: readonly string[]): JsonValue | undefined {
  let found: unknown = value;
  for (const name of way) found = isObject(found) ? found[name] : undefined;
  return found as JsonValue | undefined; // it was in a JsonObject
}

export function textMember(value: unknown, ...way: readonly string[]): string | undefined {
  const found = member(value, ...way);
  return typeof found === 'string' ? found : undefined;
}

export function numberMember(value: unknown, ...way: readonly string[]): number | undefined {
  const found = member(value, ...way);
  return typeof found === 'number' ? found : undefined;
}

/** The texts of a list at the end of a way. */
export function textListMember(value: unknown, ...way: readonly string[]): string[] {
  const found = member(value, ...way);
  return isList(found) ? found.filter((each) => typeof each === 'string') : [];
}

/** Members that are texts, such as those of `Environment`. */
export function textsOf(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(isObject(value) ? value : {})) {
    if (typeof text === 'string') texts[name] = text;
  }
  return texts;
}

/** The same text for the same value, whatever the order of its members. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
