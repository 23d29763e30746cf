"""Hand-written stand-ins for the ports of bot/ports.py, held to the same contracts as the real ones."""
