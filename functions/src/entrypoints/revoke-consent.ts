import { commands, phoneHashKey } from '../composition/index.ts';
import { callable } from './callable.ts';

export const revokeConsent = callable(commands.revokeConsent, { secrets: [phoneHashKey] });
