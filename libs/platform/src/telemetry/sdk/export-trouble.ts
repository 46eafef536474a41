import { Logger } from '@nestjs/common';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';

type Done = Parameters<OTLPTraceExporter['export']>[1];
type ExportResult = Parameters<Done>[0];

/** Logs when exports of a signal begin to fail, and when they work again; nothing in between. */
export class ExportTrouble {
  private readonly logger = new Logger('Telemetry');
  private failing = false;

  constructor(private readonly signal: 'traces' | 'metrics') {}

  /** To be called in place of what the SDK wants to be called when an export is over. */
  watch(done: Done): Done {
    return (result) => {
      this.note(result);
      done(result);
    };
  }

  /** The exporters give every failure its error. */
  private note({ error }: ExportResult): void {
    const fails = error !== undefined;
    if (fails === this.failing) return;
    this.failing = fails;
    if (fails) this.logger.warn(`${this.signal} cannot be exported: ${reasonOf(error)}`);
    else this.logger.log(`${this.signal} are exported again`);
  }
}

/** A refused connection to `localhost` has a code and no message: it stands for one to each of its addresses. */
function reasonOf(error: Error & { code?: string | number }): string {
  const code = error.code === undefined ? '' : String(error.code);
  return error.message || code || 'the collector does not take them';
}
