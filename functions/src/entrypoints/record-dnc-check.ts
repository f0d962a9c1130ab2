import { commands, phoneHashKey } from '../composition/index.ts';
import { callable } from './callable.ts';

export const recordDncCheck = callable(commands.recordDncCheck, { secrets: [phoneHashKey] });
