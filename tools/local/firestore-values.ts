/** A value as Firestore's REST interface writes it. */
type RestValue = Readonly<Record<string, unknown>>;

export interface RestDocument {
  readonly name: string;
  readonly fields?: Readonly<Record<string, RestValue>>;
}

export type PlainDocument = Readonly<Record<string, unknown>>;

/** The document's fields as plain values; times become milliseconds since 1970. */
export function decodeDocument(document: RestDocument): PlainDocument {
  return decodeFields(document.fields ?? {});
}

function decodeFields(fields: Readonly<Record<string, RestValue>>): PlainDocument {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, decodeValue(value)]),
  );
}

function decodeValue(value: RestValue): unknown {
  const [kind, content] = Object.entries(value)[0] ?? ['nullValue', null];
  switch (kind) {
    case 'integerValue':
      return Number(content);
    case 'timestampValue':
      return Date.parse(String(content));
    case 'arrayValue':
      return ((content as { values?: RestValue[] }).values ?? []).map(decodeValue);
    case 'mapValue':
      return decodeFields((content as { fields?: Record<string, RestValue> }).fields ?? {});
    default:
      return content;
  }
}
