import { mkdirSync, writeFileSync } from 'node:fs';
import { API_CONTRACT, renderApiContract } from './api-contract.ts';
import { CLIENT_CONTRACTS } from './client-contracts.ts';
import { clientContracts, referencePages } from './pages.ts';
import { brokenPromises, readPublication } from './published.ts';
import { SCHEMAS } from './schema-file.ts';

const root = new URL('../../', import.meta.url);
mkdirSync(new URL(SCHEMAS, root), { recursive: true });

const broken = brokenPromises(readPublication());
if (broken.length > 0) {
  process.stderr.write(`Nothing is written.\n${broken.join('\n')}\n`);
  process.exitCode = 1;
} else {
  for (const [path, text] of referencePages()) writeFileSync(new URL(path, root), text);
  writeFileSync(new URL(CLIENT_CONTRACTS, root), clientContracts());
  writeFileSync(new URL(API_CONTRACT, root), await renderApiContract());
  process.stdout.write(
    `${referencePages().size} files under docs/reference, ${CLIENT_CONTRACTS} and ${API_CONTRACT} are up to date\n`,
  );
}
