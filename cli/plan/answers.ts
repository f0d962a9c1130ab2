/** Something that a plan answers: computed by its formula from the load, the facts and the answers above it. */
export interface AnswerDefinition {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly formula: string;
}

/** How much of what comes in a second. */
export const RATES: readonly AnswerDefinition[] = [
  answer('eventBytes', 'an event', 'B', 'payloadBytes + envelopeBytes'),
  answer('jobs', 'jobs', '/s', 'events × (subscriptions + recipients)'),
  answer(
    'calls',
    'calls to other systems',
    '/s',
    'events × (subscriptions × external + recipients)',
  ),
  answer(
    'again',
    'of them made again (at most 4 times)',
    '/s',
    'calls × retries × (1 + retries × (1 + retries × (1 + retries)))',
  ),
  answer('ingress', 'events to the trigger', 'B/s', 'events × eventBytes'),
  answer(
    'triggerMs',
    'an event in the trigger',
    'ms',
    '2 × commitMs + min(1, external + recipients) × (commitMs + sendMs)',
  ),
  answer(
    'taken',
    'events that the trigger takes',
    '/s',
    'min(events, triggerBytes ÷ eventBytes, min(triggerHeld ÷ eventBytes, mostInstances × triggerConcurrency) × 1000 ÷ triggerMs)',
  ),
  answer('missed', 'share that it cannot take', '', '1 − taken ÷ events'),
  answer('swept', 'jobs left to the tick and its workers', '/s', 'jobs × missed + again'),
  answer('emitWrites', 'writes: events and their jobs', '/s', 'events × (1 + subscriptions)'),
  answer(
    'insideWrites',
    'writes: transactional jobs',
    '/s',
    'events × subscriptions × (1 − external) × (fastWrites + missed)',
  ),
  answer(
    'outsideWrites',
    'writes: external jobs',
    '/s',
    'events × subscriptions × external × jobWrites',
  ),
  // A worker that is full leaves the e-mails of what it runs to its next pages: one more claim, and read.
  answer(
    'toldWrites',
    'writes: people told',
    '/s',
    'events × recipients × (noticeWrites + missed)',
  ),
  answer('againWrites', 'writes: what is made again', '/s', 'again × jobWrites'),
  answer(
    'writes',
    'writes, in all',
    '/s',
    'emitWrites + insideWrites + outsideWrites + toldWrites + againWrites',
  ),
  answer(
    'reads',
    'reads (rows, people, ticks, archiving)',
    '/s',
    'events × (subscriptions × jobReads + recipients × (1 + missed × jobReads) + archiveReads) + again × jobReads + tickReads ÷ tickSeconds',
  ),
  answer('deletes', 'deletes (sent jobs, archived events)', '/s', 'jobs + events'),
  answer(
    'dueWrites',
    'writes into the index of due times',
    '/s',
    'events × (subscriptions + recipients × (noticeWrites − 1 + missed)) + insideWrites + outsideWrites + againWrites',
  ),
];

/** What it takes. */
export const CAPACITY: readonly AnswerDefinition[] = [
  answer('slots', 'normal slots', '', 'roundUp(dueWrites ÷ indexRate)'),
  answer(
    'workerRate',
    'jobs that a worker runs',
    '/s',
    'min(concurrency × 1000 ÷ (2 × commitMs + sendMs), 1000 ÷ cpuMs)',
  ),
  answer('workers', 'workers besides the tick', '', 'roundUp(swept ÷ workerRate)'),
  answer('inTrigger', 'events in the trigger at once', '', 'taken × triggerMs ÷ 1000'),
  answer(
    'triggerInstances',
    'instances of the trigger, at most',
    '',
    'roundUp(inTrigger ÷ triggerConcurrency)',
  ),
  answer(
    'rampMinutes',
    'ramp from nothing to this',
    'min',
    '5 × roundUp(log(max(1, writes ÷ rampStart)) ÷ log(1.5))',
  ),
  answer(
    'gibibytes',
    'stored in the end',
    'GiB',
    'events × 86400 × (keptDays × eventBytes + sentDays × (subscriptions + recipients) × jobBytes) × indexFactor ÷ 1073741824',
  ),
];

/** US dollars a month. */
export const COSTS: readonly AnswerDefinition[] = [
  answer('writeCost', 'Firestore: writes', '$', 'writes × month × writePrice'),
  answer('readCost', 'Firestore: reads', '$', 'reads × month × readPrice'),
  answer('deleteCost', 'Firestore: deletes', '$', 'deletes × month × deletePrice'),
  answer('storageCost', 'Firestore: storage', '$', 'gibibytes × month ÷ 3600 × storagePrice'),
  answer('requestCost', 'trigger: invocations', '$', 'taken × month × requestPrice'),
  answer(
    'triggerCost',
    'trigger: 1 vCPU and memory',
    '$',
    'max(min(inTrigger, 1), inTrigger ÷ triggerConcurrency) × month × (cpuPrice + triggerMemory × memoryPrice)',
  ),
  answer(
    'workerCost',
    'workers: 1 vCPU and memory',
    '$',
    'swept ÷ workerRate × month × (cpuPrice + workerMemory × memoryPrice)',
  ),
  answer('scheduleCost', 'two schedules', '$', '2 × schedulePrice'),
  answer(
    'cost',
    'in all',
    '$',
    'writeCost + readCost + deleteCost + storageCost + requestCost + triggerCost + workerCost + scheduleCost',
  ),
];

/** Something that ends somewhere. It grows as the events do, or not at all. */
export interface LimitDefinition {
  readonly title: string;
  /** How much of it the load takes, and how much there is. */
  readonly used: string;
  readonly limit: string;
  /** What happens beyond it, and what helps. */
  readonly beyond: string;
}

export const LIMITS: readonly LimitDefinition[] = [
  {
    title: 'the largest tenant’s events by time',
    used: 'events × largestTenant',
    limit: 'indexRate',
    beyond: 'its commits slow down; part it into several organizations',
  },
  {
    title: 'the index of due times, by slots',
    used: 'dueWrites',
    limit: 'normalSlots × indexRate',
    beyond: 'commits slow down; raise OUTBOX_NORMAL_SLOTS',
  },
  {
    title: 'slots that there can be',
    used: 'slots',
    limit: 'mostSlots',
    beyond: 'commits slow down, and no setting helps',
  },
  {
    title: 'slots of one query',
    used: 'dueWrites',
    limit: 'slotsOfAQuery × indexRate',
    beyond: 'a page takes a query for each 30 slots',
  },
  {
    title: 'events to one trigger',
    used: 'ingress',
    limit: 'triggerBytes',
    beyond: 'the rest waits for the tick and its workers',
  },
  {
    title: 'events held for one trigger',
    used: 'ingress × triggerMs ÷ 1000',
    limit: 'triggerHeld',
    beyond: 'the rest waits for the tick and its workers',
  },
  {
    title: 'instances of the trigger',
    used: 'events × triggerMs ÷ 1000',
    limit: 'mostInstances × triggerConcurrency',
    beyond: 'the rest waits for the tick and its workers; deploy it with more',
  },
  {
    title: 'a call, before it is aborted',
    used: 'sendMs',
    limit: 'timeoutMs',
    beyond: 'each is made again until it is a dead letter; raise OUTBOX_TIMEOUT_MS',
  },
  {
    title: 'the tick alone',
    used: 'swept × tickSeconds',
    limit: 'jobsOfATick',
    beyond: 'workers are called: nothing to do',
  },
  {
    title: 'workers',
    used: 'swept ÷ workerRate',
    limit: 'maxWorkers',
    beyond: 'a backlog grows; raise OUTBOX_MAX_WORKERS',
  },
  {
    title: 'instances of outboxWorker',
    used: 'workers',
    limit: 'mostInstances',
    beyond: 'a backlog grows; deploy it with more',
  },
  {
    title: 'workers that there can be',
    used: 'workers',
    limit: 'mostWorkers',
    beyond: 'a backlog grows, and no setting helps',
  },
  {
    title: 'tasks of one queue',
    used: 'min(again, slots ÷ 10) + workers ÷ workerSeconds',
    limit: 'dispatchRate',
    beyond: 'wake-ups come late; the tick is the bound',
  },
];

function answer(key: string, title: string, unit: string, formula: string): AnswerDefinition {
  return { key, title, unit, formula };
}
