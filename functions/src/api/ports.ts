import type {
  ArchivedQuery,
  Catalog,
  CustomTypes,
  DomainEvent,
  EmitResult,
  EventDefinition,
  EventPage,
  Streams,
  TypedEventInput,
} from '#events';
import type { EventQueries } from '#events/firestore';
import type { Logger, Role as MemberRole } from '#kernel';
import type { OutboxStore, RetryPolicy, SlotCounts } from '#outbox';
import type { EventJobs, JobQuestions } from '#outbox/firestore';
import type { Audited } from '../audit/index.ts';
import type { Doctor } from '../doctor/index.ts';
import type { Alerts, MetricsStore } from '../metrics/index.ts';
import type { Operations } from '../operations/index.ts';
import type { VerifyToken } from './caller.ts';
import type { RateLimit } from './rate-limit/rate-limit.ts';

/** A type that this deployment knows, as data. */
export interface BuiltInType {
  readonly type: string;
  readonly version: number;
  readonly description: string;
  readonly external: boolean;
  readonly payload: object;
}

/** An event as the API emits it: what its payload may be is for the catalog to say. */
export type AnyEventInput = TypedEventInput<EventDefinition>;

/** A subscription of this deployment, or a kind of job that other jobs make, as data. */
export interface SubscriptionFacts {
  /** Its jobs' type. */
  readonly id: string;
  readonly pattern: string | readonly string[] | undefined;
  readonly kind: 'transactional' | 'external';
  /** What a dead letter does to those behind it in its line; undefined where there is no line. */
  readonly ordered: 'block' | 'pass-over' | undefined;
  readonly policy: RetryPolicy;
}

/** What operators ask for and change, in all organizations. */
export interface OpsDeps {
  readonly jobs: JobQuestions;
  /**
   * A page of those who can have jobs: first the platform itself, then every organization that has a document, by its
   * id. Throws `bad-cursor`. One read for each, at least one.
   */
  readonly tenants: (page: {
    readonly limit: number;
    readonly cursor?: string | undefined;
  }) => Promise<{ readonly orgIds: readonly string[]; readonly nextCursor: string | undefined }>;
  readonly store: OutboxStore;
  readonly audited: Audited;
  readonly doctor: Doctor;
  readonly operations: Operations;
  readonly metrics: Omit<MetricsStore, 'write'>;
  readonly alerts: Pick<Alerts, 'list'>;
  /** The ids of those of `subscriptions` that are projections. */
  readonly projections: readonly string[];
  readonly subscriptions: readonly SubscriptionFacts[];
  /** Those of the settings: in force while nobody has set others. */
  readonly slots: SlotCounts;
  /** When the tick after a time is scheduled; both in milliseconds since the epoch. */
  readonly nextTickMs: (afterMs: number) => number;
}

/** Everything the API asks of the rest of the backend. */
export interface ApiDeps {
  readonly verifyToken: VerifyToken;
  /** The role of somebody in an organization; undefined for whoever does not belong to it. One read. */
  readonly roleOf: (orgId: string, uid: string) => Promise<MemberRole | undefined>;
  /** Two of the organizations that somebody belongs to, or as many as there are. A read for each. */
  readonly organizationsOf: (uid: string) => Promise<readonly string[]>;
  /** Those of the organization's matters that somebody is a member of. One read for each. */
  readonly mattersAmong: (
    orgId: string,
    uid: string,
    matterIds: readonly string[],
  ) => Promise<ReadonlySet<string>>;
  readonly events: EventQueries;
  /** What left the log, of an organization: a timeline's part of it, and how many events there are. */
  readonly archives: {
    readonly list: (asked: ArchivedQuery) => Promise<EventPage>;
    readonly count: (orgId: string) => Promise<number>;
  };
  readonly streams: Pick<Streams, 'loadStream'>;
  /** The document that has the head of an event's stream. */
  readonly headPathOf: (event: DomainEvent) => string;
  readonly jobs: EventJobs;
  readonly emit: (event: AnyEventInput) => Promise<EmitResult>;
  readonly emitBatch: (events: readonly AnyEventInput[]) => Promise<readonly EmitResult[]>;
  readonly catalog: Pick<Catalog, 'get'>;
  readonly builtInTypes: () => readonly BuiltInType[];
  readonly customTypes: Pick<CustomTypes, 'register' | 'list' | 'get'>;
  readonly ops: OpsDeps;
  readonly rateLimit: RateLimit;
  readonly logger: Logger;
}
