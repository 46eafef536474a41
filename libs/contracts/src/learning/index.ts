/** What training, evaluation and the pipeline say to each other. Plain types and names; knows neither Nest nor the AWS SDK. */
export * from './evaluation-report';
export * from './hyperparameters';
export * from './job-channels';
export * from './job-output';
