import type { Finding } from '../finding.ts';
import type { SecretState } from '../google/secrets.ts';

/** Parameters that this instance was started without, by their names. */
export function judgeParameters(missing: readonly string[]): Finding[] {
  return missing.map((where) => ({
    code: 'parameter-missing',
    severity: 'error',
    what: 'A parameter of this deployment has no value.',
    where,
    whatToDo: 'Deploy the functions: that writes its default, or what .env says.',
  }));
}

/** Secrets that no function could read. */
export function judgeSecrets(secrets: readonly SecretState[]): Finding[] {
  return secrets
    .filter(({ state }) => state !== 'ENABLED')
    .map(({ name, state }) => ({
      code: 'secret-missing',
      severity: 'error',
      what:
        state === undefined
          ? 'A secret is not there, or has no version.'
          : `The newest version of a secret is ${state}.`,
      where: name,
      whatToDo: `Set it: firebase functions:secrets:set ${name}; then deploy the functions.`,
    }));
}
