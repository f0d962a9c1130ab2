import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { CodedError } from '#kernel';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Raised where a reader of today could not read what is written. */
const FORMAT_VERSION = 1;
/** Nobody who changed a file makes us keep more than this of it in memory. */
const MAX_PART_BYTES = 64 * 1_024 * 1_024;

/** An archived document: its id, and its fields as `encodeFields` writes them. */
export interface ArchivedLine {
  readonly id: string;
  /** When the event was recorded, as RFC 3339 in UTC, to the nanosecond. */
  readonly recordedAt: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A text that sorts as events do in a part: by time, and by id among those of one time. */
export function placeOfLine({ recordedAt, id }: Pick<ArchivedLine, 'id' | 'recordedAt'>): string {
  return `${recordedAt} ${id}`;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const end = z.strictObject({ id: z.string(), recordedAt: z.string() });

/** What is said of a part beside it. */
const manifestSchema = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  orgId: z.string(),
  /** The day (UTC) that all of its events were recorded on. */
  day: z.iso.date(),
  /** The part's own path. */
  path: z.string(),
  events: z.int().min(1),
  first: end,
  last: end,
  /** Of the lines, uncompressed. */
  contentBytes: z.int().min(1),
  contentSha256: hash,
  /** Of the file as it lies there. */
  fileSha256: hash,
});

/** A part of a day's events, and what is needed to know that it is whole. */
export type Manifest = Readonly<z.output<typeof manifestSchema>>;

/** A part as two files. */
export interface EncodedPart {
  readonly manifest: Manifest;
  readonly manifestPath: string;
  readonly file: Uint8Array;
}

/** Where an organization's days are. */
export function archivePrefix(orgId: string): string {
  return `events/v1/${orgId}/`;
}

/** Where a day's parts and manifests are; `day` as `2030-01-31`. */
export function dayPrefix(orgId: string, day: string): string {
  return `${archivePrefix(orgId)}${day}/`;
}

const MANIFEST_END = '.manifest.json';

/** Whether a file says what is in another. */
export function isManifestPath(path: string): boolean {
  return path.endsWith(MANIFEST_END);
}

/**
 * Events of one day as files, at least one event, oldest first. Their names are the first one's time of day and a hash
 * of what is in them: the same events are the same files, whoever writes them and how often.
 */
export async function encodePart(
  orgId: string,
  day: string,
  lines: readonly ArchivedLine[],
): Promise<EncodedPart> {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) throw new Error('A part has an event.');
  const content = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const file = await compress(content);
  const contentSha256 = sha256(content);
  const timeOfDay = first.recordedAt.slice(11).replaceAll(/\D/g, '');
  const name = `${dayPrefix(orgId, day)}${timeOfDay}-${contentSha256.slice(0, 16)}`;
  const manifest: Manifest = {
    formatVersion: FORMAT_VERSION,
    orgId,
    day,
    path: `${name}.ndjson.gz`,
    events: lines.length,
    first: endOf(first),
    last: endOf(last),
    contentBytes: content.length,
    contentSha256,
    fileSha256: sha256(file),
  };
  return { manifest, manifestPath: `${name}${MANIFEST_END}`, file };
}

function endOf({ id, recordedAt }: ArchivedLine): Manifest['first'] {
  return { id, recordedAt };
}

/** A manifest's file. Its last field is a hash of the others, so that a changed byte is found. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const said = JSON.stringify(manifest);
  const all = { ...manifest, manifestSha256: sha256(Buffer.from(said)) };
  return Buffer.from(`${JSON.stringify(all, undefined, 2)}\n`);
}

/** Reads a manifest; throws `archive-damaged` for one that is not as it was written. */
export function decodeManifest(path: string, file: Uint8Array): Manifest {
  const parsed = manifestSchema
    .extend({ manifestSha256: hash })
    .safeParse(jsonOrUndefined(Buffer.from(file).toString('utf8')));
  if (!parsed.success) throw damaged(path, 'it is no manifest of this format');
  const { manifestSha256: _, ...manifest } = parsed.data;
  if (!Buffer.from(encodeManifest(manifest)).equals(file)) {
    throw damaged(path, 'it is not as it was written');
  }
  const isHere = path.startsWith(dayPrefix(manifest.orgId, manifest.day));
  if (!isHere || manifest.path !== path.replace(MANIFEST_END, '.ndjson.gz')) {
    throw damaged(path, 'it is the manifest of another part');
  }
  return manifest;
}

const lineSchema = z.strictObject({
  id: z.string(),
  recordedAt: z.string(),
  // No record, which would drop `__proto__`.
  fields: z.custom<ArchivedLine['fields']>(isMap),
});

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A part's events, oldest first; throws `archive-damaged` where they are not what the manifest says. */
export async function decodePart(manifest: Manifest, file: Uint8Array): Promise<ArchivedLine[]> {
  const { path, fileSha256, contentSha256, events } = manifest;
  if (sha256(file) !== fileSha256) throw damaged(path, 'its checksum is not the manifest’s');
  const content = await unpack(path, file);
  if (sha256(content) !== contentSha256) {
    throw damaged(path, 'the checksum of its content is not the manifest’s');
  }
  const texts = content.toString('utf8').split('\n').slice(0, -1);
  if (texts.length !== events) throw damaged(path, 'it has not as many events as the manifest');
  return texts.map((text, index) => {
    const parsed = lineSchema.safeParse(jsonOrUndefined(text));
    if (!parsed.success) throw damaged(path, `line ${index + 1} is no event`);
    return parsed.data;
  });
}

async function unpack(path: string, file: Uint8Array): Promise<Buffer> {
  try {
    return await decompress(file, { maxOutputLength: MAX_PART_BYTES });
  } catch {
    throw damaged(path, 'it cannot be unpacked');
  }
}

/** A file of the archive that is not as it was written, or not there. */
export function damaged(path: string, why: string): CodedError {
  return new CodedError('archive-damaged', 'The archive cannot be read', [{ path, message: why }]);
}

/** 64 hex digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
