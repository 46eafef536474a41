/** Shows what happens to a stack while it happens: a line for each resource that is done, and one now and then while nothing is. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { count } from '../../../apps/pipeline/src/output/figures';
import { ProgressPrinter } from '../terminal/progress-printer';
import { Screen } from '../terminal/screen';
import { statusInWords, typeInWords } from './words';

export class EventPrinter {
  readonly #progress: ProgressPrinter;
  readonly #underWay = new Set<string>();

  constructor(
    private readonly screen: Screen,
    now?: () => number,
  ) {
    this.#progress = new ProgressPrinter(screen, now);
  }

  begin({ stack, action }: { readonly stack: string; readonly action: string }): void {
    this.#underWay.clear();
    this.#progress.begin(`${stack}: ${BEGINNINGS[action] ?? action}`);
  }

  end(stack: string, status: string): void {
    this.#progress.row('ok', `${stack} is ${statusInWords(status)}`, 'green');
  }

  say(text: string): void {
    this.#progress.say(text);
  }

  readonly print = (event: StackEvent): void => {
    const { LogicalResourceId: id = '', ResourceType = '', ResourceStatus = '' } = event;
    if (event.PhysicalResourceId === event.StackId && !ResourceStatus.endsWith('_FAILED')) return;
    if (ResourceStatus.endsWith('_IN_PROGRESS')) {
      this.#underWay.add(id);
      return;
    }
    this.#underWay.delete(id);
    const hasFailed = ResourceStatus.endsWith('_FAILED');
    this.#progress.row(
      statusInWords(ResourceStatus),
      `${id}  ${typeInWords(ResourceType)}`,
      hasFailed ? 'red' : undefined,
    );
    if (hasFailed && event.ResourceStatusReason !== undefined) {
      this.screen.say(this.screen.paint(`           ${event.ResourceStatusReason}`, 'red'));
    }
  };

  readonly remind = (): void => {
    if (this.#underWay.size === 0) return;
    const [first = '', second] = this.#underWay;
    const others = this.#underWay.size - 2;
    const more = others > 0 ? ` and ${count(others, 'other')}` : '';
    this.#progress.remind(`still under way: ${first}${second === undefined ? '' : `, ${second}`}${more}`);
  };
}

const BEGINNINGS: Readonly<Record<string, string>> = {
  create: 'being created',
  update: 'being changed',
  delete: 'being deleted',
};
