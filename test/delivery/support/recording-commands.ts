// `docker`, `aws` and `npm` for the test of buildspec.yml: executables that write down how they were called and answer like the real ones.
// docker keeps what is pushed as a file, registry/<repository>/<tag>, which the scripted account answers from. npm runs nothing: `npm test`
// would run this test. Files in the record tell them to fail.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEAD = `#!/usr/bin/env bash
echo "$(basename "$0") $*" >> "$RECORD/calls"
fails() { [ -e "$RECORD/fails/$1" ]; }
`;

const DOCKER = `${HEAD}
name_of() { local image=\${1#*/}; echo "\${image%:*}"; }
keep() { local image=\${1#*/}; mkdir -p "$RECORD/registry/\${image%:*}"; : > "$RECORD/registry/\${image%:*}/\${image##*:}"; }
case "$1 $2" in
  'login --username')
    [ "$(cat)" = a-password ] || { echo 'Error response from daemon: 400 Bad Request' >&2; exit 1; } ;;
  'pull --quiet')
    case "$3" in
      moby/*) fails docker-hub && { echo 'toomanyrequests: You have reached your unauthenticated pull rate limit.' >&2; exit 1; } ;;
      *) image=\${3#*/}; [ -e "$RECORD/registry/\${image%:*}/\${image##*:}" ] || { echo 'manifest unknown' >&2; exit 1; } ;;
    esac
    echo "$3" ;;
  'push --quiet') fails cache && exit 1; keep "$3" ;;
  'buildx imagetools') echo "sha256:$(printf 'b%.0s' {1..64})" ;;
  'buildx build')
    while [ $# -gt 0 ]; do [ "$1" = --tag ] && tag=$2; shift; done
    repository=$(name_of "$tag")
    if fails "push-\${repository##*-}"; then echo "ERROR: failed to push $tag: unexpected status: 403 Forbidden" >&2; exit 1; fi
    keep "$tag" ;;
esac
`;

const AWS = `${HEAD}
if [ "$*" = 'ecr get-login-password' ]; then echo a-password; else echo "aws: error: $*" >&2; exit 252; fi
`;

const NPM = `${HEAD}
words="npm $*"
if fails "\${words// /-}"; then echo "npm $* failed" >&2; exit 1; fi
`;

/** Makes them, and gives the folder that has to be first on the PATH. */
export function writeRecordingCommands(record: string): string {
  const folder = join(record, 'bin');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(record, 'fails'));
  writeFileSync(join(record, 'calls'), '');
  for (const [name, text] of Object.entries({ docker: DOCKER, aws: AWS, npm: NPM })) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** From now on: `npm-test`, `push-<image>`, `docker-hub`, `cache`. */
export function letFail(record: string, what: string): void {
  writeFileSync(join(record, 'fails', what), '');
}

/** One line for each call, in order: of these commands as they were typed, of the SDK as `sdk DescribeImages repository`. */
export function callsOf(record: string): string[] {
  return readFileSync(join(record, 'calls'), 'utf8').trimEnd().split('\n');
}
