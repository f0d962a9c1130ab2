import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RulesTestEnvironment } from '@firebase/rules-unit-testing';
import type { DocumentReference, Firestore } from 'firebase/firestore';
import {
  collection,
  deleteDoc,
  doc,
  getDocFromServer,
  getDocsFromServer,
  serverTimestamp,
  setDoc,
  updateDoc,
} from 'firebase/firestore';
import { CLOSED, documentCells, queryCells } from './matrix.ts';
import type { Person } from './people.ts';
import { databaseOf, isAllowed, openDatabase, PEOPLE } from './people.ts';
import { queries } from './queries.ts';

let environment: RulesTestEnvironment;
const databases = new Map<Person, Firestore>();

beforeAll(async () => {
  environment = await openDatabase(CLOSED.map((path) => `${path}/some`));
  for (const person of PEOPLE) databases.set(person, databaseOf(environment, person));
});
afterAll(() => environment.cleanup());

/** The letters of what this person may do with the document, or - for nothing at all. */
async function verbsAllowed(path: string, person: Person): Promise<string> {
  const firestore = databases.get(person)!;
  const document = doc(firestore, path);
  const another = doc(firestore, `${path}2`);
  const data = { orgId: 'org1', matterId: 'matter1', recipientUid: person, memberUids: [person] };
  const attempts = {
    g: () => getDocFromServer(document),
    c: () => setDoc(another, data),
    u: () => updateDoc(document, changeTo(document)),
    d: () => deleteDoc(document),
  };
  let allowed = '';
  for (const [letter, attempt] of Object.entries(attempts)) {
    if (await isAllowed(attempt())) allowed += letter;
  }
  return allowed === '' ? '-' : allowed;
}

function changeTo({ path }: DocumentReference): Record<string, unknown> {
  return path.startsWith('notifications/') ? { readAt: serverTimestamp() } : { changed: true };
}

describe('a document', () => {
  test.each(documentCells)('$row to $person: $expected', async ({ row, person, expected }) => {
    expect(await verbsAllowed(row, person)).toBe(expected);
  });
});

describe('a query', () => {
  test('is in the grid once it is known, and known once it is in the grid', () => {
    expect(Object.keys(queries)).toEqual([...new Set(queryCells.map(({ row }) => row))]);
  });

  test.each(queryCells)('for $row by $person: $expected', async ({ row, person, expected }) => {
    const ask = queries[row]!(databases.get(person)!, person);
    expect((await isAllowed(getDocsFromServer(ask))) ? 'yes' : '-').toBe(expected);
  });
});

describe.each(CLOSED)('%s', (path) => {
  test.each(PEOPLE)('is closed to %s', async (person) => {
    expect(await verbsAllowed(`${path}/some`, person)).toBe('-');
    const all = getDocsFromServer(collection(databases.get(person)!, path));
    expect(await isAllowed(all)).toBe(false);
  });
});
