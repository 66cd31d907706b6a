#!/bin/sh
# Installs the Debian packages of requirements/debian.txt that are missing; asks for nothing when none is.
set -eu
wanted=$(sed 's/#.*//' "$(dirname "$0")/../requirements/debian.txt")

missing=
for package in $wanted; do
    # dpkg-query also lists removed packages, hence the status
    case $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) in
    installed*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

echo "Installing Debian packages:$missing."
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "They need root: run 'make setup' once as root." >&2; exit 1; }
    as_root=sudo
fi
case $missing in
*postgresql*) # tests start a server of their own; Debian would make one for the machine, and keep it running
    folder=/etc/postgresql-common/createcluster.d
    $as_root mkdir -p "$folder"
    echo "create_main_cluster = false" | $as_root tee "$folder/lamplight.conf" >/dev/null
    ;;
esac
case $(stat --format=%A /) in
*x) ;;
*) # a bare chroot may be made like that: no server that gives up root's rights finds even the C library there
    echo "Opening the root folder, which only root could enter (chmod 755 /): no service could start."
    $as_root chmod 755 /
    ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for step in "update" "install --yes --no-install-recommends$missing"; do
    # shellcheck disable=SC2086 # the step is meant to be split into words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet $step >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
done
