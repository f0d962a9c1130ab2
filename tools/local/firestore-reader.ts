import { decodeDocument, type PlainDocument, type RestDocument } from './firestore-values.ts';
import type { StackAddress } from './stack.ts';

/** One tenant's documents of a collection, past the rules: the emulator takes "owner" for an administrator. */
export async function readTenantDocuments(
  stack: StackAddress,
  collectionId: string,
  orgId: string,
): Promise<PlainDocument[]> {
  const root = `http://${stack.host}:${String(stack.ports.firestore)}/v1`;
  const response = await fetch(
    `${root}/projects/${stack.projectId}/databases/(default)/documents:runQuery`,
    {
      method: 'POST',
      headers: { Authorization: 'Bearer owner', 'Content-Type': 'application/json' },
      body: JSON.stringify({
        structuredQuery: {
          from: [{ collectionId }],
          where: {
            fieldFilter: {
              field: { fieldPath: 'orgId' },
              op: 'EQUAL',
              value: { stringValue: orgId },
            },
          },
        },
      }),
    },
  );
  if (!response.ok) {
    throw new Error(
      `Reading ${collectionId} failed: ${String(response.status)} ${await response.text()}`,
    );
  }
  const answers = (await response.json()) as readonly { readonly document?: RestDocument }[];
  return answers.flatMap(({ document }) =>
    document === undefined ? [] : [decodeDocument(document)],
  );
}
