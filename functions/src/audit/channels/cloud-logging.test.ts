import type { ServiceDefinition, UntypedHandleCall } from '@grpc/grpc-js';
import { credentials, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { protos } from '@google-cloud/logging';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCloudLoggingSender } from './cloud-logging.ts';

const { WriteLogEntriesRequest, WriteLogEntriesResponse } = protos.google.logging.v2;

const NOTICE = protos.google.logging.type.LogSeverity.NOTICE;

/** The one call of Cloud Logging that is made, as its proto has it. */
const service: ServiceDefinition = {
  writeLogEntries: {
    path: '/google.logging.v2.LoggingServiceV2/WriteLogEntries',
    requestStream: false,
    responseStream: false,
    requestSerialize: (request) =>
      Buffer.from(WriteLogEntriesRequest.encode(request as object).finish()),
    requestDeserialize: (bytes) => WriteLogEntriesRequest.decode(bytes),
    responseSerialize: (response) =>
      Buffer.from(WriteLogEntriesResponse.encode(response as object).finish()),
    responseDeserialize: (bytes) => WriteLogEntriesResponse.decode(bytes),
  },
};

type Request = InstanceType<typeof WriteLogEntriesRequest>;

// Nothing but the stub is asked.
process.env['METADATA_SERVER_DETECTION'] = 'none';

const server = new Server();
let received: Request[] = [];
/** What the stub answers, in turn; then it takes everything. */
let failures: number[] = [];
let port = 0;

const writeLogEntries: UntypedHandleCall = (
  { request }: { readonly request: Request },
  answer: (error: { readonly code: number } | null, response?: object) => void,
) => {
  received.push(request);
  const code = failures.shift();
  answer(code === undefined ? null : { code }, {});
};

beforeAll(async () => {
  server.addService(service, { writeLogEntries });
  port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
});

afterAll(() => server.forceShutdown());

beforeEach(() => {
  received = [];
  failures = [];
});

function aSender() {
  const sslCreds = credentials.createInsecure();
  const options = { projectId: 'project1', apiEndpoint: '127.0.0.1', port, sslCreds };
  return createCloudLoggingSender(options);
}

const entry = {
  id: 'entry1',
  at: new Date(1_893_456_000_123),
  by: 'ops',
  action: 'job.retry',
  target: 'mail:org1:e1',
  reason: 'The sink is back.',
  correlationId: 'request-1',
  outcome: 'redriven',
};

/** Without the entry in which the client says once what it is. */
function entriesOf({ entries }: Request) {
  return entries.filter(({ insertId }) => insertId === entry.id);
}

test('an entry is in its own log, under its own id and time, with all that it says', async () => {
  await aSender()(entry);
  const [request] = received as [Request];
  const [sent] = entriesOf(request);
  expect(received).toHaveLength(1);
  expect(request.logName).toBe('projects/project1/logs/firestore-outbox-audit');
  expect(request.resource?.type).toBe('global');
  expect(sent).toMatchObject({ insertId: 'entry1', severity: NOTICE });
  expect(Number(sent?.timestamp?.seconds)).toBe(1_893_456_000);
  expect(sent?.timestamp?.nanos).toBe(123_000_000);
  const fields = Object.entries(sent?.jsonPayload?.fields ?? {});
  expect(Object.fromEntries(fields.map(([name, { stringValue }]) => [name, stringValue]))).toEqual({
    message: 'job.retry mail:org1:e1',
    by: 'ops',
    action: 'job.retry',
    target: 'mail:org1:e1',
    reason: 'The sink is back.',
    correlationId: 'request-1',
    outcome: 'redriven',
  });
});

test('an entry that the service did not take at first is sent again under the same id', async () => {
  failures = [status.UNAVAILABLE];
  await aSender()(entry);
  expect(received.map((request) => entriesOf(request).length)).toEqual([1, 1]);
});

test('an entry that is refused is an error', async () => {
  failures = [status.PERMISSION_DENIED];
  await expect(aSender()(entry)).rejects.toThrow(/PERMISSION_DENIED/);
  expect(received).toHaveLength(1);
});
