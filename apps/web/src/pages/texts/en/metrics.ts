/** What a measured figure is called and means. */
export interface MetricText {
  readonly name: string;
  readonly meaning: string;
  /** Shares are shown as percents. */
  readonly share: boolean;
}

/** The figures that model packages of this project carry; others are shown by their own name. */
export const metrics: Readonly<Record<string, MetricText>> = {
  accuracy: { name: 'Right', meaning: 'How often its first answer is right.', share: true },
  top1: { name: 'Right', meaning: 'How often its first answer is right.', share: true },
  top5: { name: 'Right among five', meaning: 'How often the right answer is among its first five.', share: true },
  macroF1: {
    name: 'Macro F1',
    meaning: 'Right answers and missed ones in one figure, every label counting the same; 1 is best.',
    share: false,
  },
  ece: {
    name: 'Calibration error',
    meaning: 'How far its stated certainty is from how often it is right, on average (ECE).',
    share: true,
  },
  logLoss: { name: 'Log loss', meaning: 'What wrong certainty costs; lower is better, 0 is best.', share: false },
  validationImages: { name: 'Images measured', meaning: 'How many images the other figures come from.', share: false },
  answeredShare: { name: 'Answered', meaning: 'How often it is sure enough to name something.', share: true },
  answeredRight: { name: 'Right when sure', meaning: 'How often it is right when it names something.', share: true },
  photosTop1: {
    name: 'Right on photos',
    meaning: 'The same on photos of full size, as people send them.',
    share: true,
  },
  photosTop5: { name: 'Right among five on photos', meaning: 'The right answer among its first five.', share: true },
  photos: {
    name: 'Photos measured',
    meaning: 'How many photos the figures for photos come from; the fewer, the rougher they are.',
    share: false,
  },
  unknownFalseAlarms: {
    name: 'Known, called unknown',
    meaning: 'How often it calls a photo of a thing it knows unknown.',
    share: true,
  },
  unknownFoundOtherPhotos: {
    name: 'Unknown, found out',
    meaning: 'How often it notices that a photo shows none of the things it knows.',
    share: true,
  },
  unknownFoundFlowers: {
    name: 'Unknown flowers, found out',
    meaning: 'The same for photos of flowers that it does not know.',
    share: true,
  },
};
