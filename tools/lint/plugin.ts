import { listAmbientUses } from './ambient-use.ts';
import { readStaticName } from './syntax.ts';
import type { Rule } from './syntax.ts';

/**
 * Time, chance and timers are arguments (`Clock`, `Random`, `Ids` of the kernel), so that a test
 * can decide them. oxlint's own bans know neither `new Date()` nor `globalThis.Date.now()`.
 */
const noAmbientTimeOrChance: Rule = {
  meta: {
    type: 'problem',
    docs: { description: 'Forbid reading the clock, chance and timers outside kernel adapters.' },
  },
  create(context) {
    return {
      'Program:exit'(program) {
        for (const { node, name } of listAmbientUses(program, context.sourceCode)) {
          context.report({ node, message: explain(name) });
        }
      },
      // The SDK's class is imported, so it is no global, but it reads the instance's clock.
      MemberExpression(node) {
        const isTimestamp = readStaticName(node.object) === 'Timestamp';
        const isNow = readStaticName(node.property, node.computed) === 'now';
        if (isTimestamp && isNow) context.report({ node, message: explain('Timestamp.now') });
      },
    };
  },
};

function explain(name: string): string {
  return `${name} cannot be decided by a test: take the kernel's Clock, Random or Ids as an argument.`;
}

export default {
  meta: { name: 'outbox' },
  rules: { 'no-ambient-time-or-chance': noAmbientTimeOrChance },
};
