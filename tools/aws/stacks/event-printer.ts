/** Shows what happens to a stack while it happens: a line for each resource that is done, and one now and then while nothing is. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { clock, count } from '../../../apps/pipeline/src/output/figures';
import { Colour, Screen } from '../terminal/screen';
import { statusInWords, typeInWords } from './words';

/** Nobody likes to look at a screen where nothing moves for longer. */
const REMIND_AFTER_MS = 30_000;

export class EventPrinter {
  #startedAt: number;
  #saidAt: number;
  readonly #underWay = new Set<string>();

  constructor(
    private readonly screen: Screen,
    private readonly now: () => number = Date.now,
  ) {
    this.#startedAt = this.#saidAt = now();
  }

  begin({ stack, action }: { readonly stack: string; readonly action: string }): void {
    this.#startedAt = this.now();
    this.#underWay.clear();
    this.screen.heading(`${stack}: ${BEGINNINGS[action] ?? action}`);
  }

  end(stack: string, status: string): void {
    this.#row('ok', `${stack} is ${statusInWords(status)}`, 'green');
  }

  say(text: string): void {
    this.#saidAt = this.now();
    this.screen.say(text);
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
    this.#row(statusInWords(ResourceStatus), `${id}  ${typeInWords(ResourceType)}`, hasFailed ? 'red' : undefined);
    if (hasFailed && event.ResourceStatusReason !== undefined) {
      this.screen.say(this.screen.paint(`           ${event.ResourceStatusReason}`, 'red'));
    }
  };

  readonly remind = (): void => {
    if (this.#underWay.size === 0 || this.now() - this.#saidAt < REMIND_AFTER_MS) return;
    const [first = '', second] = this.#underWay;
    const others = this.#underWay.size - 2;
    const more = others > 0 ? ` and ${count(others, 'other')}` : '';
    this.#row('...', `still under way: ${first}${second === undefined ? '' : `, ${second}`}${more}`, 'dim');
  };

  #row(word: string, text: string, colour?: Colour): void {
    this.#saidAt = this.now();
    this.screen.row(`  ${clock(this.now() - this.#startedAt).padStart(5)}  ${word.padEnd(10)}  ${text}`, colour);
  }
}

const BEGINNINGS: Readonly<Record<string, string>> = {
  create: 'being created',
  update: 'being changed',
  delete: 'being deleted',
};
