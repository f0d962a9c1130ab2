import type { DomainEvent } from '#events';
import * as commands from '../../../composition/commands.ts';
import { backend, call, firestore } from '../../../composition/testing/backend.ts';
import { clearFirestore } from '../../../kernel/testing/clear-firestore.ts';
import { createRunTransaction } from '#kernel/firestore';
import { phoneHash } from './phone-hash.ts';
import { granted } from './phone-events.ts';

export const THEIRS = '+49 (0)30 901820';
export const OURS = '+1 (202) 555-0100';
const about = { phoneNumber: THEIRS, consentType: 'marketing' };

type Answer = Promise<Readonly<Record<string, unknown>>>;

function person(uid: string): { readonly email: string; readonly displayName: string } {
  return { email: `${uid}@example.test`, displayName: uid };
}

/** An organization of ada's, its admin, and ben's; everything in it is about the phone `THEIRS`. */
export class ComplianceStage {
  readonly orgId: string;

  private constructor(orgId: string) {
    this.orgId = orgId;
  }

  static async open(): Promise<ComplianceStage> {
    await clearFirestore(firestore);
    const said = { name: 'Smith', ...person('ada') };
    const orgId = String((await call(commands.createOrganization, 'ada', said))['orgId']);
    await call(commands.addMember, 'ada', { orgId, uid: 'ben', ...person('ben'), role: 'member' });
    return new ComplianceStage(orgId);
  }

  grant(said: object = {}): Answer {
    return this.#say(commands.grantConsent, {
      ...about,
      channel: 'voice',
      source: 'form',
      ...said,
    });
  }

  revoke(): Answer {
    return this.#say(commands.revokeConsent, { ...about, reason: 'asked for it' });
  }

  look(isOnDnc: boolean): Answer {
    const how = { lists: ['federal'], checkLatencyMs: 42, cacheHit: false };
    return this.#say(commands.recordDncCheck, { phoneNumber: THEIRS, isOnDnc, ...how });
  }

  createCall(said: object = {}): Answer {
    return this.#say(commands.createCall, { ...about, fromPhoneNumber: OURS, ...said });
  }

  attempt(callId: unknown): Answer {
    return this.#say(commands.attemptCall, { callId });
  }

  start(callId: unknown): Answer {
    return this.#say(commands.startCall, { callId });
  }

  status(): Answer {
    return this.#say(commands.readPhoneStatus, { phoneNumber: THEIRS });
  }

  trail(said: object = {}): Answer {
    const input = { orgId: this.orgId, phoneNumber: THEIRS, ...said };
    return call(commands.readPhoneTrail, 'ada', input);
  }

  statistics(day: string): Answer {
    return call(commands.readCallStatistics, 'ada', { orgId: this.orgId, day });
  }

  /** Has somebody agree to calls until a time that is over by now, as nobody can through the callables. */
  async plantEndedConsent(): Promise<void> {
    const phoneNumberHash = phoneHash(this.orgId, '+4930901820');
    const { eventType, payload } = granted({ expiresAt: new Date('2020-01-01T00:00:00Z') });
    await createRunTransaction(firestore)('a-token', (transaction) =>
      backend.emit(
        {
          orgId: this.orgId,
          eventType,
          entityType: 'phone',
          entityId: phoneNumberHash,
          actor: { actorType: 'system', actorId: 'tests' },
          payload: { ...payload, phoneNumberHash },
          stream: { expectedVersion: 'any' },
        },
        { transaction },
      ),
    );
  }

  /** The phone's events as the log has them, in order. */
  async events(): Promise<DomainEvent[]> {
    const entity = { entityType: 'phone', entityId: phoneHash(this.orgId, '+4930901820') };
    const events: DomainEvent[] = [];
    const stream = backend.streams.loadStream({ orgId: this.orgId, ...entity });
    for await (const event of stream) events.push(event);
    return events;
  }

  #say(command: unknown, said: object): Answer {
    return call(command, 'ben', { orgId: this.orgId, ...said });
  }
}
