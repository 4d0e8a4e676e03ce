"""How the registry stands many clients, many jobs, many events and long logs."""
