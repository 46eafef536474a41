/** The photo that new tasks are asked about: a red ball on a meadow, drawn, a JPEG of 160 x 120 pixels that belongs to nobody. */
import type { ClassifiedImage } from '@app/contracts/classification';
import { createHash } from 'node:crypto';

const BASE64 = [
  '/9j/2wBDAA4KCw0LCQ4NDA0QDw4RFiQXFhQUFiwgIRokNC43NjMuMjI6QVNGOj1OPjIySGJJTlZYXV5dOEVmbWVabFNbXVn/2wBDAQ8QEBYTFioX',
  'FypZOzI7WVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVn/wAARCAB4AKADASIAAhEBAxEB/8QAGgABAAMB',
  'AQEAAAAAAAAAAAAAAAIDBQQGAf/EADQQAAICAQEEBwYFBQAAAAAAAAARAQIDBAUhMVESFDJBYXGRExUiYoHRIzNCUsFTcqGisv/EABkBAQADAQEA',
  'AAAAAAAAAAAAAAABAgUDBP/EACERAQACAgEFAQEBAAAAAAAAAAABEQIDBAUSITFBcWEi/9oADAMBAAIRAxEAPwC5BE0Eats9BBE0ELEEETQQsQQR',
  'NBCxBBE0ELEEETQQsQQRNBCxBBE0ELEEETQQsQQRNBCxYgiaCK2sggiaCFiCCJoIWIIImghYggiaCFiCCJoIWIIImghYggiaCFiCCJoIWIIImghY',
  'mgixBFLSrQRYghYrQRYghYrQRYghYrQRYghYrQRYghYrQRYghYrQRYghYrQRYghYrQRYghYmgixBFbWVoIsQQsVoIsQQsVoIsRn6zUTa84aTujtT',
  '/Bz2bI143Ltp05bcu2EsurrWZjHHTnn3HJk1WonhaK+UF+LC4GTCoM3PkZ5T7pta+Jqwj1f64Z2hqscubVt4TX7HTptr4clopnj2Vp738M/Y5M9O',
  'JmaivEnDkZ4/bWz4enZHqvx7FBGBsHaUxkjR57Os7sdp7p5Ho0aWvZGcXDD36MtOfbkrQRYgi9uKtBFiCFitBFiCFiaCMrU7brDrp6dL5rcPQy8+',
  'sz6ifxMlpj9sbo9Dy58nGPXlL0GbXabDuvlq+Vd8nHk21ij8vFa390oxAefLk5z68DSvtnPPZpjrH1kqnaurnheI8qwcQOU7c5+js956z+t/rH2J',
  'YLOXMuZM+0qsyXYcqKZZZZe5bPTsY7Jy/rcw5IiBmyRMGfTOo4i+dxxKNCkdRaN5l6ieJ15srM7PdloXiFEWmt4tWVMS4mO497o8vWdJhzfvrEz5',
  '954A9vsCJ9zad8rf9Seviz/qYZ3UsY7Mcv67kETQR7rYqCCJoIWII+WmtKza0qsQ5mSWS1MVJvktFaxxmTz20tozqp9nicYY9bHLZtjCBngAy0AA',
  'AAACN46VZjnBzY8y3TxOs5NThmJ9pX6hp9P3RhlOGX10Vz+Itn8TO6Ux3n3pTzDap0ZMxzWt0pPgJSRDlQbWk1eo0mOtcWW0REdmd8ehnaXC56du',
  'EcIOwRMx6YnUN8Z5Rhj8a+LbuWN2XDS/jWUdNdu6ee1iyx5Kf5PPg6xvzj6zXop25pYjdTLP0j7nNm29MwsOGI8bS/8ABjATvzn6LtRqs2ps815t',
  'yjuj6FIBymZnzKAAEAAAAAAhkm1aTNYdo4QZ98+W0zFrTHhG40yNqVv2qxPnBMTSYllRJ9cGhOmxT+leUkep4vm9Sbh7dfO24RV3+uFwfJk7up4+',
  'dvU+9TxfN6jwbOdtzirr8Z8TMcC2mfLWfhtM+E7ztjTYo/S/OSytK17NYjygnuh47Mc2tSJtCmeMEgCioAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'D//Z',
].join('');

export const KNOWN_PHOTO = Buffer.from(BASE64, 'base64');

/** What an answer has to say of it. */
export const KNOWN_PHOTO_FACTS: ClassifiedImage = {
  width: 160,
  height: 120,
  format: 'jpeg',
  bytes: KNOWN_PHOTO.length,
  sha256: createHash('sha256').update(KNOWN_PHOTO).digest('hex'),
};

/** No picture at all, which has to be refused. */
export const BROKEN_PHOTO = Buffer.from('This is not a photo.');
