import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';

// A project of its own for each test file: files run side by side on one emulator and never
// see each other's documents. The id follows from the path, so a failure can be looked at again.
const testPath = expect.getState().testPath ?? '';
const digest = createHash('sha256').update(testPath).digest('hex').slice(0, 10);
process.env['GCLOUD_PROJECT'] = `demo-outbox-${digest}`;
process.env['GOOGLE_CLOUD_PROJECT'] = process.env['GCLOUD_PROJECT'];
