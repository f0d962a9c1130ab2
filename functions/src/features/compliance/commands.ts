import { callCommands } from './call-commands.ts';
import { consentCommands } from './consent-commands.ts';
import { phoneNumberInput } from './phone-number.ts';
import { phoneQuestions, readCallStatistics } from './questions.ts';

type Commands = ReturnType<typeof consentCommands> &
  ReturnType<typeof callCommands> &
  ReturnType<typeof phoneQuestions> & { readonly readCallStatistics: typeof readCallStatistics };

/** Everything that clients may ask for here; `readKey` is called when a number is read, never before. */
export function complianceCommands(readKey: () => string): Commands {
  const phoneNumber = phoneNumberInput(readKey);
  return {
    ...consentCommands(phoneNumber),
    ...callCommands(phoneNumber),
    ...phoneQuestions(phoneNumber),
    readCallStatistics,
  };
}
