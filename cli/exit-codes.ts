/** What the command ends with. Scripts rely on the numbers: they stay. */
export const EXIT_CODES = {
  ok: 0,
  wrong: 1,
  usage: 2,
  notAllowed: 3,
  notReachable: 4,
  refused: 5,
  incomplete: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** For the reference, in the order of the numbers. */
export const EXIT_CODE_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  ok: 'It is done, or was shown.',
  wrong: 'Something was found to be wrong, or the operation failed or was cancelled.',
  usage: 'The command line, a filter or a parameter is not right. Nothing was changed.',
  notAllowed: 'Nobody is signed in, or whoever is may not do this.',
  notReachable: 'The API cannot be reached, is too busy, or answered that it failed itself.',
  refused: 'What was named is not there, or its state does not allow it.',
  incomplete: 'Nothing was found to be wrong, but not everything could be looked at.',
  interrupted:
    'Ctrl-C, or a question that was not answered with yes. What had been started goes on.',
};
