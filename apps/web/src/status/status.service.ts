import { StatusResponse } from '@app/contracts/classification';
import { Request } from 'express';

/** Placeholder for the seam between the pages and the health of the tiers. */
export abstract class StatusService {
  abstract status(request: Request): Promise<StatusResponse>;
}
