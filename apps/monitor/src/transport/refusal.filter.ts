import { MonitoringPattern, MonitorRefusal } from '@app/contracts/monitoring';
import { ArgumentsHost, Catch, Injectable, Logger, RpcExceptionFilter } from '@nestjs/common';
import { TcpContext } from '@nestjs/microservices';
import { Observable, throwError } from 'rxjs';
import { Observations } from '../observation/observations';
import { RefusalError } from './refusal';
import { TrafficCounters } from './traffic-counters';

/** Answers a message that could not be taken with the reason, and an unforeseen error without any; counts both. */
@Injectable()
@Catch()
export class RefusalFilter implements RpcExceptionFilter {
  private readonly logger = new Logger('Message');

  constructor(
    private readonly counters: TrafficCounters,
    private readonly observations: Observations,
  ) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    this.counters.refusedMessages += 1;
    const pattern = host.switchToRpc().getContext<TcpContext>().getPattern();
    if (pattern === MonitoringPattern.events) this.observations.noteRefusedBatch();
    return throwError(() => this.answerTo(error, pattern));
  }

  private answerTo(error: unknown, pattern: string): MonitorRefusal {
    if (error instanceof RefusalError) {
      this.logger.log({ pattern, reason: error.reason }, 'refused a message');
      return error.toAnswer();
    }
    this.logger.error({ err: error, pattern }, 'unexpected error');
    return { code: 'internal-error', message: 'It failed.' };
  }
}
