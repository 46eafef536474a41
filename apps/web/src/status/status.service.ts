import { isProblem, Language } from '@app/contracts';
import { StatusResponse, TIER_NAMES, TIER_STATES, TierReport, TierState } from '@app/contracts/classification';
import { Deadline, PRODUCT_BUILD, PRODUCT_VERSION, requestContextOf } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request } from 'express';
import { WasClient } from '../classification/was-client.port';
import { describeTiers } from './describe-tiers';

/** A part that does not say how it is within this time is not well. */
const TIMEOUT_MS = 4000;

/** One look at all tiers serves everybody who asks within this time. */
const FRESH_MS = 1000;

/** The parts without which no photo is answered; a monitor that is gone leaves the service well. */
const NEEDED: readonly TierReport['name'][] = ['was', 'model'];

interface StatusReport {
  readonly status: TierState;
  readonly tiers: readonly TierReport[];
}

/** How all tiers are, from the gateway inwards. */
@Injectable()
export class StatusService {
  private latest: { readonly report: Promise<StatusReport>; readonly askedAt: number } | undefined;

  constructor(private readonly was: WasClient) {}

  async status(language: Language, request: Request): Promise<StatusResponse> {
    if (this.latest === undefined || performance.now() - this.latest.askedAt > FRESH_MS) {
      this.latest = { report: this.ask(request), askedAt: performance.now() };
    }
    const { status, tiers } = await this.latest.report;
    return { status, tiers: describeTiers(tiers, language) };
  }

  private async ask(request: Request): Promise<StatusReport> {
    const { requestId, trace } = requestContextOf(request);
    const web: TierReport = { name: 'web', status: 'ok', version: PRODUCT_VERSION, build: PRODUCT_BUILD };
    const askedAt = performance.now();
    try {
      const tiers = knownTiers(await this.was.status({ requestId, trace, deadline: new Deadline(TIMEOUT_MS) }));
      const latencyMs = Math.round((performance.now() - askedAt) * 10) / 10;
      const inner = tiers.map((tier) => (tier.name === 'was' ? Object.assign(tier, { latencyMs }) : tier));
      const worst = inner.find(({ name, status }) => NEEDED.includes(name) && status !== 'ok')?.status ?? 'ok';
      return { status: worst, tiers: [web, ...inner] };
    } catch (error) {
      if (!isProblem(error)) throw error;
      return {
        status: 'unavailable',
        tiers: [web, { name: 'was', status: 'unavailable', problem: error.toDocument() }],
      };
    }
  }
}

/** A business tier of another version may know of parts and states that have no name here. */
function knownTiers(tiers: readonly TierReport[]): TierReport[] {
  return tiers
    .filter(({ name }) => TIER_NAMES.includes(name))
    .map((tier) =>
      TIER_STATES.includes(tier.status) ? tier : Object.assign(tier, { status: 'unavailable' as const }),
    );
}
