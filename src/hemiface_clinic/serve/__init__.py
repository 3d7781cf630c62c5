"""Running the site: its folder, its checks, its processes, and its backups."""
