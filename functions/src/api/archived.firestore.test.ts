import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ageEvents, runOperation, tick } from '../composition/testing/old-events.ts';
import { firestore } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import type { Answered, Ask } from './testing/api.ts';
import { openApi } from './testing/api.ts';

const FOLDER = join(tmpdir(), 'firestore-outbox-archive', String(process.env['GCLOUD_PROJECT']));
let world: World;
let ask: Ask;
/** The matter's timeline as it was before anything left. */
let whole: Answered['body']['events'];
let before: Answered['body'];
let left: Answered['body']['events'];

function timeline(said = '', as = 'cleo'): Promise<Answered> {
  return ask('GET', `/v1/timelines/matter/${world.matterId}?limit=200${said}`, { as });
}

const idsOf = (events: Answered['body']['events']): string[] =>
  events.map(({ eventId }) => eventId);

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  for (let round = 0; round < 3; round += 1) await tick();
  await ageEvents(100);
  before = (await timeline()).body;
  whole = before.events;
  await runOperation({ kind: 'archive', params: { orgId: world.orgId } });
  left = (await timeline()).body.events;
}, 60_000);

describe('a timeline of which some has left for the archive', () => {
  test('says so at its end, and not before', async () => {
    expect(left.length).toBeLessThan(whole.length);
    expect(before).not.toHaveProperty('hasArchive');
    expect((await timeline()).body).toMatchObject({ hasArchive: true });
    const first = await ask('GET', `/v1/timelines/matter/${world.matterId}?limit=1`, {
      as: 'cleo',
    });
    expect(first.body.nextCursor).toBeDefined();
    expect(first.body).not.toHaveProperty('hasArchive');
  });

  test('has the rest in the archive, newest first, in pages as in one', async () => {
    const { body } = await timeline('&archived=true');
    const gone = whole.filter(({ eventId }) => !idsOf(left).includes(eventId));
    expect(gone.length).toBeGreaterThan(2);
    expect(body.events).toEqual(gone);
    const inPages: string[] = [];
    let cursor = '';
    do {
      const page: Answered = await ask(
        'GET',
        `/v1/timelines/matter/${world.matterId}?limit=1&archived=true${cursor}`,
        { as: 'cleo' },
      );
      expect(page.body.events.length).toBeLessThanOrEqual(1);
      inPages.push(...idsOf(page.body.events));
      cursor = page.body.nextCursor === undefined ? '' : `&cursor=${page.body.nextCursor}`;
    } while (cursor !== '');
    expect(inPages).toEqual(idsOf(gone));
  });

  test('is asked for by time there as in the log', async () => {
    const [newest, second] = (await timeline('&archived=true')).body.events;
    const from = `&from=${newest!.recordedAt}`;
    const from2 = `&from=${second!.recordedAt}&to=${newest!.recordedAt}`;
    expect(idsOf((await timeline(`&archived=true${from}`)).body.events)).toContain(newest!.eventId);
    expect(idsOf((await timeline(`&archived=true${from2}`)).body.events)).not.toContain(
      newest!.eventId,
    );
    const none = await timeline('&archived=true&to=2001-01-01T00:00:00Z');
    expect(none.body).toEqual({ events: [] });
  });

  test('is there for nobody who may not see it', async () => {
    expect((await timeline('&archived=true', 'eve')).status).toBe(404);
    expect((await timeline('&archived=true', 'joe')).status).toBe(403);
    const others = await ask('GET', `/v1/timelines/matter/${world.matterId}?archived=true`, {
      as: 'zoe',
      orgId: world.otherOrgId,
    });
    expect(others.body.events).toEqual([]);
  });

  test('refuses a cursor of the other place, and what is no cursor', async () => {
    const log = await ask('GET', `/v1/timelines/matter/${world.matterId}?limit=1`, { as: 'cleo' });
    const refused = await timeline(`&archived=true&cursor=${log.body.nextCursor}`);
    expect([refused.status, refused.body.code]).toEqual([400, 'bad-cursor']);
  });
});

test('an event that is not in the log may be in the archive, and that is said', async () => {
  const gone = whole.find(({ eventId }) => !idsOf(left).includes(eventId))!;
  const answer = await ask('GET', `/v1/events/${gone.eventId}`, { as: 'ada' });
  expect([answer.status, answer.body.detail]).toEqual([
    404,
    expect.stringMatching(/in the archive/),
  ]);
  const other = { as: 'zoe', orgId: world.otherOrgId };
  const foreign = await ask('GET', `/v1/events/${gone.eventId}`, other);
  expect([foreign.status, foreign.body.detail]).toEqual([
    404,
    expect.not.stringMatching(/archive/),
  ]);
});
