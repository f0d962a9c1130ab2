export { callStatistics } from './call-statistics.ts';
export { complianceCommands } from './commands.ts';
export { complianceEvents } from './events.ts';
export { phone } from './phone.ts';
export { phoneCompliance } from './phone-compliance.ts';
export { parsePhoneHashKey } from './phone-number.ts';
