import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { systemIds } from '#kernel';
import { describeStorage } from '../testing/storage-contract.ts';
import { createLocalDirectory } from './local-directory.ts';

const root = mkdtempSync(join(tmpdir(), 'archive-'));
const storage = createLocalDirectory(join(root, 'made', 'at-first-use'), systemIds);

afterAll(() => rmSync(root, { recursive: true }));

describeStorage('a folder', () => storage);

test('a folder leaves nothing of a write behind, and takes what a killed one left for no file', async () => {
  await storage.put('left/a', Buffer.from('x'));
  await storage.put('left/a', Buffer.from('y'));
  const folder = join(root, 'made', 'at-first-use', 'left');
  expect(readdirSync(folder)).toEqual(['a']);
  writeFileSync(join(folder, '.unfinished-1'), 'half');
  expect(await storage.list({ prefix: 'left/', limit: 10 })).toEqual(['left/a']);
});
