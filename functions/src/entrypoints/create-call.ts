import { commands, phoneHashKey } from '../composition/index.ts';
import { callable } from './callable.ts';

export const createCall = callable(commands.createCall, { secrets: [phoneHashKey] });
