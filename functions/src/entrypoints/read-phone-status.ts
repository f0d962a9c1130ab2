import { commands, phoneHashKey } from '../composition/index.ts';
import { callable } from './callable.ts';

export const readPhoneStatus = callable(commands.readPhoneStatus, { secrets: [phoneHashKey] });
