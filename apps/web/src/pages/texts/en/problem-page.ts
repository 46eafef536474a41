import { formats } from './formats';

/** What to do when a page cannot be shown; what went wrong stands in the catalogue of problems. */
export const problemPage = {
  nextHeading: 'What you can do',
  status: (status: number) => `Error ${status}`,
  again: 'Try this page again',
  againIn: (seconds: number) => `Wait ${formats.duration(seconds)}, then try this page again`,
  goBack: 'Go back and send it again.',
  goBackIn: (seconds: number) => `Wait ${formats.duration(seconds)}, then go back and send it again.`,
  mend: 'Go back, change what is said above, and send it again.',
  seeStatus: 'See which part of the service does not work',
  seeModelStatus: 'See whether there is a model by now',
  tellOperator: 'If it stays, tell whoever runs this service, and give them the reference below.',
  operator: 'If you run this service: train a model with its pipeline and deploy it, or set up the endpoint it asks.',
  clearCookies: 'Delete the cookies of this site, then try again.',
  forPrograms: 'Read how programs talk to this service',
};
