import { Injectable } from '@nestjs/common';

/** Whether this process wants new requests. It starts ready, unless its app says otherwise, and drains once. */
@Injectable()
export class Readiness {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  drain(): void {
    this.draining = true;
  }
}
