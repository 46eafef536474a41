import { resolveStage, StageValues } from '../../cloudformation/stage';
import { loadTemplates } from '../../cloudformation/template';
import { checkDeliverySource } from './delivery-source';

describe('the source of the delivery pipeline', () => {
  const check = (values: StageValues) => {
    const templates = loadTemplates().filter(({ area }) => area === 'delivery');
    return checkDeliverySource(resolveStage(templates, values), 'demo').map(({ text }) => text);
  };

  it('is the upload of npm run release, unless a stage says otherwise', () => {
    expect(check({})).toEqual([]);
    expect(checkDeliverySource([], 'demo')).toEqual([]);
  });

  it('is refused when it is not told where it is', () => {
    expect(check({ SourceProvider: 'CodeCommit' })).toEqual([
      'SourceProvider is CodeCommit, which needs SourceRepository: set SourceRepository in cloudformation/stages/demo.yaml.',
    ]);
    expect(check({ SourceProvider: 'CodeConnections', SourceRepository: 'team/photos' })).toEqual([
      'SourceProvider is CodeConnections, which needs ConnectionArn: set ConnectionArn in cloudformation/stages/demo.yaml.',
    ]);
    expect(check({ SourceProvider: 'CodeCommit', SourceRepository: 'photos' })).toEqual([]);
  });
});
