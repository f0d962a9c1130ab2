import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ROUTES } from '../../functions/src/api/routes.ts';
import { catalog } from '../../functions/src/composition/catalog.ts';
import { describeContracts } from '../../functions/src/composition/describe.ts';

const page = readFileSync(new URL('../../docs/reference/consumers.md', import.meta.url), 'utf8');
const index = readFileSync(new URL('../../functions/src/index.ts', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (?!event |---)/.test(line));
const { jobs, commands } = describeContracts();

/** Requirement 004, section 4. */
const ASKED_FOR = `
  order.created order.checkout_sent order.payment_processing order.paid order.payment_failed
  order.checkout_expired FulfillmentCreated ShipmentDrafted ShipmentReady ShipmentInTransit
  ShipmentDelivered AutomationStepQueued AutomationStepSucceeded AutomationStepFailed InvoiceIssued
  InvoicePartiallyPaid InvoicePaid InvoiceOverdue InvoiceVoided PriceAgreementCreated
  PriceAgreementUpdated PriceAgreementSynced PriceAgreementSyncFailed LegacySyncRequested
  LegacySyncCompleted
`
  .trim()
  .split(/\s+/);

/** Every name that follows `word` on the page. */
function namedAs(word: string): string[] {
  return [...page.matchAll(new RegExp(`${word} \`([^\`]+)\``, 'g'))].map(([, name = '']) => name);
}

/** The types in the first column, `order.paid` and the like. */
function typesIn(line: string): string[] {
  const [, first = ''] = line.split('|');
  return [...first.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, type = '']) => type);
}

test('the page of consumers has every event that requirement 004 names, and no other', () => {
  const asked = ASKED_FOR.map((name) => catalog.get(name)?.type ?? name);
  expect([...new Set(rows.flatMap(typesIn))].toSorted()).toEqual(asked.toSorted());
});

test('what it says of subscriptions, callables, functions and paths is there', () => {
  const subscriptions = namedAs('subscription');
  const callables = namedAs('callable');
  const functions = namedAs('function');
  expect([subscriptions.length, callables.length, functions.length]).not.toContain(0);
  expect(subscriptions.filter((id) => !jobs.some((job) => job.id === id))).toEqual([]);
  expect(callables.filter((name) => !commands.some((command) => command.name === name))).toEqual(
    [],
  );
  expect(functions.filter((name) => !index.includes(`export { ${name} }`))).toEqual([]);
  const routes = new Set(
    ROUTES.map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    ),
  );
  const asked = [...page.matchAll(/`((?:GET|POST) \/v1[^`]*)`/g)].map(([, route = '']) => route);
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((route) => !routes.has(route))).toEqual([]);
});

test('what a producer publishes is external, and nothing else on the page is', () => {
  for (const row of rows.filter((line) => typesIn(line).length > 0)) {
    const isByProducer = row.includes('by a producer');
    const external = typesIn(row).map((type) => catalog.get(type)?.external === true);
    expect([row, new Set(external)]).toEqual([row, new Set([isByProducer])]);
  }
});
