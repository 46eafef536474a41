# Makes the builder `delivery`: BuildKit in a container of its own, which can keep layers in a registry, as the Docker daemon cannot.
# Its image lies in the cache repository. The first build brings it there from Docker Hub, which counts the pulls of all who share an
# address with this machine, and is not asked again. Fails when there is no way to have it.
set -euo pipefail

version=v0.31.1
image=$REGISTRY/$CACHE_REPOSITORY:buildkit-$version-$(uname -m)

bring_from_docker_hub() {
  docker pull --quiet "moby/buildkit:$version" &&
    docker tag "moby/buildkit:$version" "$image" &&
    { docker push --quiet "$image" || echo "The builder could not be kept for the next build."; }
}

if docker pull --quiet "$image" 2>/dev/null || bring_from_docker_hub; then
  docker buildx create --name delivery --driver docker-container --driver-opt "image=$image" --bootstrap
else
  echo "No builder can be had: images are built by the Docker daemon, without the layers of earlier builds, which takes longer."
  exit 1
fi
