"""Alley's language understanding: what a resident's message means, served by Rasa over HTTP to `bot/nlu_client.py`."""
