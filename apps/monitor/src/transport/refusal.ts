import { MonitorRefusal } from '@app/contracts/monitoring';

/** A message that cannot be taken, with the reason that its sender is told. */
export class RefusalError extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'RefusalError';
  }

  toAnswer(): MonitorRefusal {
    return { code: 'refused', message: this.reason };
  }
}
