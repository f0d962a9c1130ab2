export { requireMatterOrAdmin } from './access.ts';
export type { Access, Caller, Member, Role } from './access.ts';
export { decodeCursor, decodeTimeCursor, encodeCursor, encodeTimeCursor } from './cursor.ts';
export { DELETE_FIELD, SERVER_TIME } from './documents.ts';
export type {
  DocumentData,
  DocumentReader,
  DocumentTransaction,
  DocumentWrite,
  QueryShape,
  RunTransaction,
  StoredDocument,
  TimePosition,
  WriteTime,
} from './documents.ts';
export { CodedError, messageOf, problemsOf } from './errors.ts';
export type { ErrorCode, Problem } from './errors.ts';
export {
  ENTITY_ID_RULE,
  hashParts,
  isEntityId,
  isTypeName,
  PLATFORM,
  TYPE_NAME_RULE,
} from './ids.ts';
export type { Ids, Random } from './ids.ts';
export type { LogEntry, Logger, Severity } from './logger.ts';
export { ownValue } from './own-value.ts';
export { RecentlyUsed } from './recently-used.ts';
export { failSpan, inSpan, isTraceparent, traceparentNow } from './spans.ts';
export { machineTimeMs, systemClock, systemIds, systemRandom } from './system.ts';
export { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ServerTime } from './time.ts';
export type { Clock } from './time.ts';
export { rangeOf } from './time-range.ts';
export type { TimeRange } from './time-range.ts';
export { WriteBuffer } from './write-buffer.ts';
