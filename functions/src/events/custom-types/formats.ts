import { z } from 'zod';

/** Longer texts than any of these has. */
const MAX_LENGTH = 400;

function format(schema: z.ZodType): (text: string) => boolean {
  return (text) => text.length <= MAX_LENGTH && schema.safeParse(text).success;
}

/** The formats that are checked. A schema that names another is refused: it would look as if it were. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': format(z.iso.datetime({ offset: true })),
  date: format(z.iso.date()),
  email: format(z.email()),
  uuid: format(z.guid()),
};
