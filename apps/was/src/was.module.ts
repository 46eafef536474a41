import { PlatformModule, requestValidation } from '@app/platform';
import { DynamicModule, Module } from '@nestjs/common';
import { Admission } from './classification/admission';
import { ClassificationController } from './classification/classification.controller';
import { ClassificationService } from './classification/classification.service';
import { Classifier } from './classification/classifier.port';
import { SageMakerClassifier } from './classification/sagemaker-classifier';
import { readLabelNames } from './classification/label-names';
import { ModelController } from './model/model.controller';
import { ModelDirectory } from './model/model-directory';
import { StatusController } from './status/status.controller';
import { WasConfig } from './was.config';

/** Binds the business tier's ports to their adapters. */
@Module({})
export class WasModule {
  static forRoot(config: WasConfig): DynamicModule {
    const classifier = () =>
      new SageMakerClassifier({
        endpointName: config.endpointName,
        maxSockets: config.maxConcurrent,
        labelNames: readLabelNames(config.labelsFile),
      });
    return {
      module: WasModule,
      imports: [PlatformModule.forRoot({ service: 'was', config })],
      controllers: [ClassificationController, ModelController, StatusController],
      providers: [
        requestValidation,
        { provide: WasConfig, useValue: config },
        { provide: Admission, useValue: new Admission(config.maxConcurrent, config.maxQueue) },
        { provide: Classifier, useFactory: classifier },
        ModelDirectory,
        ClassificationService,
      ],
    };
  }
}
