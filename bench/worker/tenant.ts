/** Whose events are replayed and archived. */
export const TENANT = 'bench';
