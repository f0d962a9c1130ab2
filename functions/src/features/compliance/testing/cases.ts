import { callCases } from './call-cases.ts';
import { consentCases } from './consent-cases.ts';
import { questionCases } from './question-cases.ts';

export const complianceCases = { ...consentCases, ...callCases, ...questionCases };
