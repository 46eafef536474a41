import { PRODUCT_VERSION } from '@app/platform';
import { Controller, Get } from '@nestjs/common';

@Controller('version')
export class VersionController {
  @Get()
  show(): { version: string } {
    return { version: PRODUCT_VERSION };
  }
}
