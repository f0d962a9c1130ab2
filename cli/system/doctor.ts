import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { formatFields, formatTable } from '../output/table.ts';
import { plural } from '../output/text.ts';
import type { Start } from '../start.ts';

type Diagnosis = operations['getDiagnosis']['responses'][200]['content']['application/json'];

const EXITS: Readonly<Record<Diagnosis['verdict'], ExitCode>> = {
  well: EXIT_CODES.ok,
  findings: EXIT_CODES.wrong,
  incomplete: EXIT_CODES.incomplete,
};

/** `outbox doctor` */
export function addDoctor(program: Command, start: Start): void {
  program
    .command('doctor')
    .description('Look for what is wrong with the deployment, and say what to do.')
    .action(() => start(examine));
}

async function examine({ api, output }: Context): Promise<ExitCode> {
  const diagnosis = await answerOf(api.GET('/v1/ops/doctor'));
  output.show(diagnosis, () => describeDiagnosis(diagnosis, output));
  return EXITS[diagnosis.verdict];
}

function describeDiagnosis({ findings, looks }: Diagnosis, output: Output): string {
  const unseen = looks.filter(({ looked }) => !looked);
  const looked = `${plural(looks.length - unseen.length, 'look')} made, ${plural(findings.length, 'finding')}`;
  return [
    ...findings.map((finding) => {
      const { severity, code, what, where, whatToDo } = finding;
      const style = severity === 'error' ? 'red' : 'yellow';
      const title = output.paint(style, `${severity} ${code}`);
      return `${title}\n${formatFields([
        ['what', what],
        ['where', where],
        ['do', whatToDo],
      ])}`;
    }),
    ...(unseen.length === 0 ? [] : [`Not looked at:\n${describeUnseen(unseen, output)}`]),
    `${looked}.`,
  ].join('\n\n');
}

function describeUnseen(unseen: Diagnosis['looks'], output: Output): string {
  return formatTable<Diagnosis['looks'][number]>(
    [
      { title: 'look', read: ({ name }) => name },
      { title: 'why not', read: ({ why }) => why, least: 20 },
      { title: 'to make it', read: ({ whatToDo }) => whatToDo, least: 20 },
    ],
    unseen,
    output.width,
  );
}
