# Builds an image and pushes it, unless the registry has one of the same content, and notes it in dist/delivery/images.json.
# Usage: build-image.sh web|was|monitor|model linux/amd64|linux/arm64
set -euo pipefail

name=$1
platform=$2
variable=${name^^}_REPOSITORY
repository=$REGISTRY/${!variable}
# Of all that decides what is in the image, the base included: same key, same content. It is the image's tag.
key=$(node dist/tools/images/content-key.js "$name" --platform "$platform" --node-image "$NODE_IMAGE")

# `known` when the registry has it, else `new`.
state=$(node dist/tools/delivery/main.js note-image "$name" "$key")
if [ "$state" = known ]; then
  echo "$name: nothing has changed since $key was built"
  exit
fi

options=()
if [ -n "${BUILDX_BUILDER:-}" ]; then
  cache=type=registry,ref=$REGISTRY/$CACHE_REPOSITORY:$name
  options+=(--cache-from "$cache" --cache-to "$cache,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true")
fi
# Without attestations it is one plain manifest, which the scan of the registry and SageMaker can read.
docker buildx build . \
  --file "Dockerfile.$name" \
  --platform "$platform" \
  --build-arg "NODE_IMAGE=$NODE_IMAGE" \
  --build-arg "BUILD=${key:0:12}" \
  --build-arg "REVISION=${REVISION:-${CODEBUILD_RESOLVED_SOURCE_VERSION:-unknown}}" \
  --tag "$repository:$key" \
  --provenance=false \
  --push \
  --progress plain \
  "${options[@]}"

node dist/tools/delivery/main.js note-image "$name" "$key" --pushed
