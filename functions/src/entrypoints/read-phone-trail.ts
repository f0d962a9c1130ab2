import { commands, phoneHashKey } from '../composition/index.ts';
import { callable } from './callable.ts';

export const readPhoneTrail = callable(commands.readPhoneTrail, { secrets: [phoneHashKey] });
