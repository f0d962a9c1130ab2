import type { VerifyToken } from '../api/index.ts';

/** Asks Firebase Auth; what verifies is loaded at the first call. */
export const verifyToken: VerifyToken = async (text) => {
  const { getAuth } = await import('firebase-admin/auth');
  try {
    const { uid, ...claims } = await getAuth().verifyIdToken(text);
    return { uid, claims };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'auth/id-token-expired') return 'expired';
    // That the keys cannot be had says nothing of the token.
    if (!code.startsWith('auth/') || code === 'auth/internal-error') throw error;
    return undefined;
  }
};
