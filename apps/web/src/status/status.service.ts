import { isProblem } from '@app/contracts';
import { StatusResponse, TIER_NAMES, TIER_STATES, TierStatus } from '@app/contracts/classification';
import { Deadline, PRODUCT_VERSION, requestContextOf } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request } from 'express';
import { WasClient } from '../classification/was-client.port';

/** A part that does not say how it is within this time is not well. */
const TIMEOUT_MS = 4000;

/** One look at all tiers serves everybody who asks within this time. */
const FRESH_MS = 1000;

/** The parts without which no photo is answered; a monitor that is gone leaves the service well. */
const NEEDED: readonly TierStatus['name'][] = ['was', 'model'];

/** How all tiers are, from the gateway inwards. */
@Injectable()
export class StatusService {
  private latest: { readonly status: Promise<StatusResponse>; readonly askedAt: number } | undefined;

  constructor(private readonly was: WasClient) {}

  async status(request: Request): Promise<StatusResponse> {
    if (this.latest === undefined || performance.now() - this.latest.askedAt > FRESH_MS) {
      this.latest = { status: this.ask(request), askedAt: performance.now() };
    }
    return await this.latest.status;
  }

  private async ask(request: Request): Promise<StatusResponse> {
    const { requestId, trace } = requestContextOf(request);
    const web: TierStatus = { name: 'web', status: 'ok', version: PRODUCT_VERSION };
    const askedAt = performance.now();
    try {
      const tiers = knownTiers(await this.was.status({ requestId, trace, deadline: new Deadline(TIMEOUT_MS) }));
      const latencyMs = Math.round((performance.now() - askedAt) * 10) / 10;
      const inner = tiers.map((tier) => (tier.name === 'was' ? Object.assign(tier, { latencyMs }) : tier));
      const worst = inner.find(({ name, status }) => NEEDED.includes(name) && status !== 'ok')?.status ?? 'ok';
      return { status: worst, tiers: [web, ...inner] };
    } catch (error) {
      if (!isProblem(error)) throw error;
      return { status: 'unavailable', tiers: [web, { name: 'was', status: 'unavailable', detail: error.message }] };
    }
  }
}

/** A business tier of another version may know of parts and states that have no name here. */
function knownTiers(tiers: readonly TierStatus[]): TierStatus[] {
  return tiers
    .filter(({ name }) => TIER_NAMES.includes(name))
    .map((tier) =>
      TIER_STATES.includes(tier.status) ? tier : Object.assign(tier, { status: 'unavailable' as const }),
    );
}
