#!/bin/sh
# Puts the units of records, a kiosk or a gate where systemd looks for them: packaging/install.sh records|kiosk|gate [ROOT]
# With those of records comes the records command, for administrators. ROOT: a folder in the place of /. Says what to do
# next, and starts nothing.
set -eu
what=${1:-} root=${2:-}
here=$(cd "$(dirname "$0")" && pwd)

case $what in
records) units="records.service records-backup.service records-backup.timer records-tidy.service records-tidy.timer
    records-check.service records-check.timer" ;;
kiosk|gate) units=$what.service ;;
*) echo "usage: packaging/install.sh records|kiosk|gate [ROOT]" >&2; exit 2 ;;
esac

for unit in $units; do
    install -D -m 644 "$here/systemd/$unit" "$root/etc/systemd/system/$unit"
done
[ "$what" != records ] || install -D -m 755 "$here/bin/records" "$root/usr/local/bin/records"
install -D -m 644 "$here/sysusers.d/lamplight.conf" "$root/etc/sysusers.d/lamplight.conf"
install -D -m 644 "$here/tmpfiles.d/lamplight.conf" "$root/etc/tmpfiles.d/lamplight.conf"

echo "Installed: $(echo $units)."
echo "Next: systemd-sysusers && systemd-tmpfiles --create && systemctl daemon-reload"
case $what in
records) cat <<EOT
Then: records init
      systemctl enable --now records.service records-tidy.timer
Then, for backups, where somebody can carry the private key away (docs/operations.md, Backup):
      records backup-key /media/stick/lamplight/backup-private.pem
      write key_file into /var/lib/lamplight/records/records.toml, as it says
      systemctl restart records.service
      systemctl enable --now records-backup.timer records-check.timer
EOT
    ;;
kiosk|gate) echo "Then, once /etc/lamplight/$what.toml is there: systemctl enable --now $what.service" ;;
esac
