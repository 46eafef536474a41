/** What everyone who starts the model pipeline has to agree on: the command line, and the function that does it by itself. */
export * from './pipeline-places';
export * from './run-parameters';
