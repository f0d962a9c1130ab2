import { z } from 'zod';
import type { Seen } from '../finding.ts';
import type { GoogleApi } from './google-api.ts';

/** A secret by its name, and the state of its newest version; undefined where there is none. Never its value. */
export interface SecretState {
  readonly name: string;
  readonly state: string | undefined;
}

/** See https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions. */
const versionSchema = z.object({ state: z.string() });

/** Asks for the newest version of each, without what is in it. */
export async function gatherSecrets(
  google: GoogleApi,
  { projectId, names }: { readonly projectId: string; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<Seen<readonly SecretState[]>> {
  const facts: SecretState[] = [];
  for (const name of names) {
    const version = await google.get(
      {
        host: 'secretmanager.googleapis.com',
        path: `/v1/${['projects', projectId, 'secrets', name, 'versions', 'latest'].join('/')}`,
        role: 'roles/secretmanager.viewer',
        schema: versionSchema,
      },
      signal,
    );
    if (version.kind === 'unseen') return version;
    facts.push({ name, state: version.facts?.state });
  }
  return { kind: 'seen', facts };
}
