import { PlatformModule, requestValidation, VersionController } from '@app/platform';
import { DynamicModule, Logger, Module } from '@nestjs/common';
import { Admission } from './classification/admission';
import { ClassificationController } from './classification/classification.controller';
import { ClassificationService } from './classification/classification.service';
import { Classifier } from './classification/classifier.port';
import { SageMakerClassifier } from './classification/sagemaker-classifier';
import { readLabelNames } from './classification/label-names';
import { FeedbackListener } from './feedback/feedback-listener.port';
import { FeedbackStore } from './feedback/feedback-store';
import { FeedbackTokens, parseFeedbackKeys } from './feedback/feedback-token';
import { FeedbackController } from './feedback/feedback.controller';
import { FeedbackParts, FeedbackService } from './feedback/feedback.service';
import { FolderObjectStore } from './feedback/folder-object-store';
import { ObjectStore } from './feedback/object-store.port';
import { S3ObjectStore } from './feedback/s3-object-store';
import { BaselineSender } from './monitoring/baseline-sender';
import { ClassificationListener } from './monitoring/classification-listener.port';
import { EventSender } from './monitoring/event-sender';
import { MonitorClient, NoMonitorClient } from './monitoring/monitor-client.port';
import { MonitorFeedbackListener } from './monitoring/monitor-feedback-listener';
import { MonitorController } from './monitoring/monitor.controller';
import { MonitorStatus } from './monitoring/monitor-status';
import { TcpMonitorClient } from './monitoring/tcp-monitor-client';
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
      controllers: [
        ClassificationController,
        FeedbackController,
        ModelController,
        MonitorController,
        StatusController,
        VersionController,
      ],
      providers: [
        requestValidation,
        { provide: WasConfig, useValue: config },
        { provide: Admission, useValue: new Admission(config.maxConcurrent, config.maxQueue) },
        { provide: Classifier, useFactory: classifier },
        ModelDirectory,
        ClassificationService,
        { provide: MonitorClient, useFactory: () => monitorClientOf(config) },
        BaselineSender,
        EventSender,
        { provide: ClassificationListener, useExisting: EventSender },
        MonitorStatus,
        { provide: ObjectStore, useFactory: () => feedbackPlaceOf(config) },
        { provide: FeedbackListener, useClass: MonitorFeedbackListener },
        {
          provide: FeedbackService,
          useFactory: (place: ObjectStore | null, directory: ModelDirectory, listener: FeedbackListener) =>
            new FeedbackService(place === null ? undefined : feedbackParts(place, config), directory, listener),
          inject: [ObjectStore, ModelDirectory, FeedbackListener],
        },
      ],
    };
  }
}

function monitorClientOf({ monitorHost: host, monitorPort: port }: WasConfig): MonitorClient {
  return host === '' ? new NoMonitorClient() : new TcpMonitorClient({ host, port });
}

/** Null when no place for feedback is set up: Nest has no provider of undefined. */
function feedbackPlaceOf({ feedbackDir, feedbackBucket, feedbackPrefix }: WasConfig): ObjectStore | null {
  if (feedbackBucket !== '') return new S3ObjectStore(feedbackBucket, feedbackPrefix);
  return feedbackDir === '' ? null : new FolderObjectStore(feedbackDir);
}

function feedbackParts(place: ObjectStore, { feedbackKey, feedbackDays }: WasConfig): FeedbackParts {
  if (feedbackKey === '') {
    new Logger('Feedback').log(
      'WAS_FEEDBACK_KEY is not set: feedback is signed with a random key, so that only this process takes feedback to its answers, until it ends',
    );
  }
  const tokens = new FeedbackTokens(parseFeedbackKeys(feedbackKey), feedbackDays * 86_400_000);
  return { tokens, store: new FeedbackStore(place) };
}
