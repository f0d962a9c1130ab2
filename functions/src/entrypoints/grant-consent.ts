import { commands, phoneHashKey } from '../composition/index.ts';
import { callable } from './callable.ts';

export const grantConsent = callable(commands.grantConsent, { secrets: [phoneHashKey] });
