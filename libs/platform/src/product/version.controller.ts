import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PRODUCT_BUILD, PRODUCT_VERSION } from './product-version';

/** What runs here, for whoever rolls it out; of services that have no description of their own for it. */
@ApiExcludeController()
@Controller('version')
export class VersionController {
  @Get()
  show(): { version: string; build: string } {
    return { version: PRODUCT_VERSION, build: PRODUCT_BUILD };
  }
}
