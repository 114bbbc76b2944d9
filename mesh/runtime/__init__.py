"""What every service process is made of: settings, server, call chain, client, identity, directory, telemetry."""
