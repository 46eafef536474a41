import { DynamicModule, Module, ModuleMetadata } from '@nestjs/common';
import { AssetsController } from './assets.controller';
import { PagesController } from './pages.controller';

/** The server-rendered pages and the files that they load. */
@Module({})
export class PagesModule {
  /** @param imports modules that provide `ClassificationService` and `StatusService`. */
  static register(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return { module: PagesModule, imports, controllers: [PagesController, AssetsController] };
  }
}
