import { isProblem, ProblemError } from '@app/contracts';
import { TierReport } from '@app/contracts/classification';
import { Context, PRODUCT_BUILD, PRODUCT_VERSION, type RequestContext } from '@app/platform';
import { Controller, Get } from '@nestjs/common';
import { ModelDirectory } from '../model/model-directory';
import { MonitorStatus } from '../monitoring/monitor-status';

/** What was knows of itself and of the tiers behind it. */
@Controller('v1/status')
export class StatusController {
  constructor(
    private readonly directory: ModelDirectory,
    private readonly monitor: MonitorStatus,
  ) {}

  @Get()
  async show(@Context() context: RequestContext): Promise<{ tiers: TierReport[] }> {
    const was: TierReport = { name: 'was', status: 'ok', version: PRODUCT_VERSION, build: PRODUCT_BUILD };
    const [model, monitor] = await Promise.all([this.modelStatus(context), this.monitor.tier()]);
    return { tiers: [was, model, ...(monitor === undefined ? [] : [monitor])] };
  }

  private async modelStatus(context: RequestContext): Promise<TierReport> {
    const askedAt = performance.now();
    try {
      const { name, version } = (await this.directory.check(context)).model;
      const latencyMs = Math.round((performance.now() - askedAt) * 10) / 10;
      return { name: 'model', status: 'ok', version: `${name} ${version}`, latencyMs };
    } catch (error) {
      const problem = isProblem(error) ? error : new ProblemError('internal-error', {}, { cause: error });
      return { name: 'model', status: 'unavailable', problem: problem.toDocument() };
    }
  }
}
