// What the commands refuse before they speak to AWS, as processes without account, region or network.
import { runCommand } from '../support/command';

describe('the commands for AWS', () => {
  it.each([
    [['deploy', '--stage', 'demo'], 64, 'No region is named: say --region'],
    [['deploy', '--stage', 'demo', '--region', 'mars'], 64, '"mars" is no AWS region'],
    [['deploy', '--stage', 'demo', '--region', 'us-east-1'], 1, 'There are no valid AWS credentials'],
    [['destroy', '--stage', 'demo', '--region', 'us-east-1'], 1, 'aws sso login'],
    [['deploy', '--stage', 'nowhere'], 1, 'cp cloudformation/stages/demo.yaml cloudformation/stages/nowhere.yaml'],
    [['deploy', '--stage', 'Demo!'], 64, '--stage must be 1 to 12 lower-case letters'],
    [['deploy', '--stage', 'demo', '--region', 'us-east-1', '--image', 'web=r/web:1'], 64, 'needs a digest'],
    [['destroy', '--stage', 'demo', '--keep-data', '--delete-data'], 64, 'cannot be used with'],
    [['deploy'], 64, "required option '--stage <name>' not specified"],
    [['cost', '--stage', 'nowhere'], 1, 'There is no file cloudformation/stages/nowhere.yaml'],
  ])('%j ends with %i and says what to do', async (parameters, code, text) => {
    const result = await runCommand(parameters);
    expect(result.stderr).toContain(text);
    expect(result.code).toBe(code);
  });

  it('show costs without asking anybody', async () => {
    const { code, stdout } = await runCommand(['cost', '--stage', 'demo']);
    expect(stdout).toMatch(/Stage demo\n[^]*\ntotal +\d+\.\d\d\n/);
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
  });
});
